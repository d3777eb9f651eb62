/* The capture that a command reads. */
#include "cmd/infile.h"

#include <string.h>

int infile_check(const struct ctx *x, const char *path, struct err *e)
{
	if (x->deck != NULL && strcmp(path, "-") == 0)
		return err_set(e, "standard input is the keyboard here: name a file");
	return 0;
}

struct reader *infile_open(const struct ctx *x, const char *path, struct err *e)
{
	return infile_check(x, path, e) < 0 ? NULL : reader_open(path, e);
}
