/* mkcopy pcapng|pcap|pcap-ns IN OUT: a capture read by our reader and written by our writer, for
 * comparing both with other programs. Prints damage to stderr, after what was readable. */
#include "tape/reader.h"
#include "tape/writer.h"

#include <stdio.h>
#include <string.h>

static struct writer *out;

static void copy_event(void *arg, const struct tape_event *ev)
{
	struct event_field f[64];
	struct err *e = arg;
	const char *key;
	char keys[64][64];
	size_t n = 0, at = 0, keylen;

	while (n < 64 &&
	       event_next(ev, &at, &key, &keylen, (const char **)&f[n].value, &f[n].len)) {
		if (keylen >= sizeof keys[n])
			continue;
		memcpy(keys[n], key, keylen);
		keys[n][keylen] = '\0';
		f[n].key = keys[n];
		/* The writer puts the time itself. */
		if (strcmp(keys[n], "__REALTIME_TIMESTAMP") != 0 &&
		    strcmp(keys[n], "TAPDECK_TS") != 0)
			n++;
	}
	if (writer_event(out, ev->ts, f, n, e) < 0)
		die("%s", e->text);
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "pcapng", "pcap", "pcap-ns" };
	struct err e = ERR_INIT;
	struct reader *in;
	struct frame f;
	size_t format = 0;
	u32 i;
	int ret;

	while (argc == 4 && format < 3 && strcmp(argv[1], names[format]) != 0)
		format++;
	if (argc != 4 || format == 3)
		die("usage: mkcopy pcapng|pcap|pcap-ns IN OUT");
	in = reader_open(argv[2], &e);
	out = in != NULL ? writer_open(argv[3], (enum writer_format)format, &e) : NULL;
	if (out == NULL)
		die("%s", e.text);
	reader_on_event(in, copy_event, &e);
	while ((ret = reader_next(in, &f, &e)) == 1)
		if (writer_frame(out, &f, reader_iface(in, f.iface), &e) < 0)
			die("%s", e.text);
	if (ret < 0)
		fprintf(stderr, "%s: %s\n", argv[2], e.text);
	for (i = 0; i < reader_ifaces(in); i++)
		if (reader_iface(in, i)->dropped_if != IFACE_UNKNOWN &&
		    writer_stats(out, i, reader_iface(in, i), 0, &e) < 0)
			die("%s", e.text);
	if (writer_close(out, &e) < 0)
		die("%s", e.text);
	reader_close(in);
	return ret < 0;
}
