/* The entry of the program. */
#include <stdio.h>

int main(void)
{
	fputs("usage: tapdeck FILE\n", stderr);
	return 2;
}
