/* The keys that work everywhere in the deck. */
#ifndef APP_KEYS_H
#define APP_KEYS_H

#include "ui/keymap.h"

extern const struct binding global_keys[];
extern const size_t n_global_keys;

#endif
