/*
 * Writing pcapng, as little of it as the recorders of this folder need: nanoseconds, interfaces
 * with names, direction and comment of each packet, names of addresses. All of it in the byte order
 * of the machine. Errors end the program.
 */
#ifndef LABS_CAPTURES_NG_H
#define LABS_CAPTURES_NG_H

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Direction of a packet, as pcapng's flags have it. */
enum ng_direction { NG_UNKNOWN, NG_IN, NG_OUT };

/* A block in the making: begin it, add to it, end it, which writes it. */
struct ng {
	FILE *f;
	uint8_t block[70000];
	size_t n;
};

static inline void ng_begin(struct ng *g, uint32_t type)
{
	memcpy(g->block, &type, 4);
	g->n = 8;
}

static inline void ng_add(struct ng *g, const void *p, size_t n)
{
	memcpy(g->block + g->n, p, n);
	g->n += n;
	while (g->n % 4)
		g->block[g->n++] = 0;
}

static inline void ng_u32(struct ng *g, uint32_t v)
{
	ng_add(g, &v, 4);
}

static inline void ng_time(struct ng *g, uint64_t ns)
{
	ng_u32(g, (uint32_t)(ns >> 32));
	ng_u32(g, (uint32_t)ns);
}

static inline void ng_option(struct ng *g, uint16_t code, const void *p, size_t n)
{
	uint16_t head[2] = { code, (uint16_t)n };

	ng_add(g, head, 4);
	ng_add(g, p, n);
}

static inline void ng_end(struct ng *g)
{
	uint32_t total = (uint32_t)g->n + 4;

	memcpy(g->block + 4, &total, 4);
	ng_u32(g, total);
	if (fwrite(g->block, 1, g->n, g->f) != g->n) {
		perror("writing the capture");
		exit(1);
	}
}

static inline void ng_open(struct ng *g, const char *path, const char *program, const char *comment)
{
	if (!(g->f = fopen(path, "wb"))) {
		perror(path);
		exit(1);
	}
	ng_begin(g, 0x0a0d0d0a);
	ng_u32(g, 0x1a2b3c4d);
	ng_add(g, (uint16_t[2]) { 1, 0 }, 4);
	ng_add(g, &(uint64_t) { UINT64_MAX }, 8);
	if (comment)
		ng_option(g, 1, comment, strlen(comment));
	ng_option(g, 4, program, strlen(program));
	ng_u32(g, 0);
	ng_end(g);
}

static inline void ng_close(struct ng *g)
{
	if (fclose(g->f)) {
		perror("writing the capture");
		exit(1);
	}
}

/* An Ethernet interface; they are numbered from 0 in the order of these calls. speed in bit/s, 0:
 * not said. */
static inline void ng_interface(struct ng *g, const char *name, const char *about, uint64_t speed)
{
	ng_begin(g, 1);
	ng_add(g, (uint16_t[2]) { 1, 0 }, 4);
	ng_u32(g, 0);
	ng_option(g, 2, name, strlen(name));
	if (about)
		ng_option(g, 3, about, strlen(about));
	if (speed)
		ng_option(g, 8, &speed, 8);
	ng_option(g, 9, "\x09", 1);
	ng_u32(g, 0);
	ng_end(g);
}

/* Names of IPv4 addresses, each written "10.0.0.1=h1". */
static inline void ng_names(struct ng *g, char *const *names, int n)
{
	ng_begin(g, 4);
	for (int i = 0; i < n; i++) {
		const char *eq = strchr(names[i], '=');
		uint8_t record[300];
		char dotted[16] = "";
		size_t len;

		if (!eq || (size_t)(eq - names[i]) >= sizeof dotted || strlen(eq) > 255)
			continue;
		memcpy(dotted, names[i], (size_t)(eq - names[i]));
		if (inet_pton(AF_INET, dotted, record) != 1)
			continue;
		len = strlen(eq + 1) + 1;
		memcpy(record + 4, eq + 1, len);
		ng_option(g, 1, record, 4 + len);
	}
	ng_u32(g, 0);
	ng_end(g);
}

static inline void ng_packet(struct ng *g, uint32_t ifid, uint64_t ns, enum ng_direction dir,
			     const void *p, uint32_t n, const char *comment)
{
	uint32_t flags = (uint32_t)dir;

	ng_begin(g, 6);
	ng_u32(g, ifid);
	ng_time(g, ns);
	ng_u32(g, n);
	ng_u32(g, n);
	ng_add(g, p, n);
	ng_option(g, 2, &flags, 4);
	if (comment)
		ng_option(g, 1, comment, strlen(comment));
	ng_u32(g, 0);
	ng_end(g);
}

/* How long an interface was watched, and how many packets it gave. */
static inline void ng_statistics(struct ng *g, uint32_t ifid, uint64_t start, uint64_t end,
				 uint64_t received)
{
	ng_begin(g, 5);
	ng_u32(g, ifid);
	ng_time(g, end);
	for (int i = 0; i < 2; i++) {
		uint64_t t = i ? end : start;
		uint32_t halves[2] = { (uint32_t)(t >> 32), (uint32_t)t };

		ng_option(g, (uint16_t)(2 + i), halves, 8);
	}
	ng_option(g, 4, &received, 8);
	ng_u32(g, 0);
	ng_end(g);
}

#endif
