/* Which views the transport pane has beside its ladder. */
#include "ui/transport_views.h"

extern const struct transport_view view_sequence, view_graphs;

const struct transport_view *const transport_views[] = { &view_sequence, &view_graphs, NULL };
