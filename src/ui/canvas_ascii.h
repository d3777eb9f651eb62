/* What stands for a character where only ASCII can be shown. */
#ifndef UI_CANVAS_ASCII_H
#define UI_CANVAS_ASCII_H

#include "base/types.h"

/* The ASCII stand-in of one column for any character; '?' where there is none better (also for 0,
 * the right half of a wide one). */
u32 canvas_ascii(u32 ch);

#endif
