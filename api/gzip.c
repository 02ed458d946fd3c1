#include "api/gzip.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* zlib's way to ask for gzip's frame */

char *gzip_bytes(const void *bytes, size_t len, int level, size_t *len_r)
{
	z_stream z = { 0 };
	size_t room = len - len / 10;
	char *out = room ? malloc(room) : NULL;
	if (!out || deflateInit2(&z, level, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(out);
		return NULL;
	}
	z.next_in = (Bytef *)bytes;
	z.avail_in = (uInt)len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	int status = deflate(&z, Z_FINISH);
	*len_r = z.total_out;
	deflateEnd(&z);
	if (status == Z_STREAM_END)
		return out;
	free(out);
	return NULL;
}

char *gunzip_bytes(const void *bytes, size_t len, size_t plain_len)
{
	z_stream z = { 0 };
	char *out = malloc(plain_len + 1);
	if (!out || inflateInit2(&z, GZIP_WINDOW) != Z_OK) {
		free(out);
		return NULL;
	}
	z.next_in = (Bytef *)bytes;
	z.avail_in = (uInt)len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)plain_len;
	int status = inflate(&z, Z_FINISH);
	bool whole = status == Z_STREAM_END && z.total_out == plain_len;
	inflateEnd(&z);
	if (whole)
		return out;
	free(out);
	return NULL;
}
