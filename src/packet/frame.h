/* One captured frame as the tape hands it over: bytes, times and where it was seen. Nothing is
 * decoded yet. */
#ifndef PACKET_FRAME_H
#define PACKET_FRAME_H

#include "base/types.h"

enum { LINK_ETHERNET = 1 }; /* the LINKTYPE_ value that the code knows by name */

enum frame_dir { DIR_UNKNOWN, DIR_IN, DIR_OUT }; /* pcapng epb_flags bits 0-1 */

struct frame {
	u64 number; /* from 1, in file order */
	ns_t ts;    /* since 1970-01-01 UTC; NS_NONE for a pcapng Simple Packet Block, which has no
		       time */
	const u8 *data; /* caplen bytes, borrowed from the tape */
	u32 caplen;	/* bytes that were captured */
	u32 len;   /* bytes that were on the wire; never below caplen (the reader sees to it) */
	u32 iface; /* index into the tape's interfaces */
	u16 link;  /* LINKTYPE_ value of that interface (tcpdump.org/linktypes) */
	u8 dir;	   /* enum frame_dir */
	u8 lost;   /* the wire marked it as dropped (comment option): it never reached the other end
		    */
	const char *comment; /* first opt_comment, NULL where there is none; not terminated */
	u32 comment_len;
	u32 fcs_len; /* bytes of frame check sequence at the end, from if_fcslen or the flags; 0
			where unknown */
	const char *iface_name; /* if_name, terminated, borrowed; NULL where the file gives none */
};

#endif
