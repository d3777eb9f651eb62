/* The capture that a command reads. */
#include "cmd/infile.h"

#include <string.h>
#include <sys/stat.h>

int infile_check(const struct ctx *x, const char *path, struct err *e)
{
	if (x->deck != NULL && strcmp(path, "-") == 0)
		return err_set(e, "standard input is the keyboard here: name a file");
	return 0;
}

/* What never comes, or is never read, would hold up the deck and keep it from ending. */
int infile_plain(const struct ctx *x, const char *path, struct err *e)
{
	struct stat st;

	if (x->deck != NULL && stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return err_set(e, "%s is no plain file, and the deck would have to wait for it",
			       path);
	return 0;
}

struct reader *infile_open(const struct ctx *x, const char *path, struct err *e)
{
	return infile_check(x, path, e) < 0 || infile_plain(x, path, e) < 0 ? NULL
									    : reader_open(path, e);
}
