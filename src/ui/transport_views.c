/* Which views the transport pane has beside its ladder. */
#include "ui/transport_views.h"

const struct transport_view *const transport_views[] = { NULL };
