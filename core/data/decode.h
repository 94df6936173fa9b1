/* decode.h - a file as a stream of well-formed UTF-8, whatever encoding it is stored in.
 *
 * Encodings: "utf-8", "utf-16le", "utf-16be", "gb18030" ("gbk" and its other names read as gb18030, which
 * holds all of it). Without a name the encoding is found: a byte order mark decides; then the zeros of
 * UTF-16; then the WHOLE file is read once as UTF-8, so that a megabyte of ASCII before the first Chinese
 * name misleads nobody. What is not UTF-8 is GB18030 when the text around the first bad byte looks like
 * Chinese in it; but a file that holds real UTF-8 characters before the bad byte is a broken UTF-8 file and
 * is refused with the place, never read as something else. Nothing is replaced or dropped.
 *
 * Memory is constant (under 256 KiB). The file must be a regular file: it is read more than once. Not
 * shared between threads.
 *
 * Errors, all ST_FAILED unless said otherwise (parameters in parentheses):
 *   import.no_file (path), ST_NOT_FOUND    import.open (path, reason)    import.not_file (path)
 *   import.read (reason)                   import.encoding_name (name), ST_INVALID
 *   import.encoding (encoding, byte, line) ill-formed there; bytes count from 0, lines from 1
 *   import.encoding_unknown (byte, line)   neither UTF-8 nor Chinese text: name the encoding
 *   import.nul (byte, line)                import.binary
 *   import.changed                         the file was written to since it was opened
 *   and those of sniff_bytes()
 */
#ifndef CORE_DATA_DECODE_H
#define CORE_DATA_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct decode;

/* Opens the file and settles its encoding; encoding NULL or "" finds it. *d is freed with decode_close(). */
enum status decode_open(const char *path, const char *encoding, struct decode **d, struct err *e);
void decode_close(struct decode *d);

/* The next piece of text, without the byte order mark: never empty, at most 96 KiB, whole characters, no
 * NUL, valid until the next call. Returns 1; 0 at the end; -1 with *e when the file is refused. */
int decode_next(struct decode *d, const char **s, size_t *n, struct err *e);

/* Back to the first character. Fails with import.changed when the file was written to since it was opened. */
enum status decode_rewind(struct decode *d, struct err *e);

/* One of the four names above; whether the file began with a byte order mark. */
const char *decode_name(const struct decode *d);
bool decode_bom(const struct decode *d);

/* Bytes of the file read since the start or the last rewind, and all of them. */
int64_t decode_consumed(const struct decode *d);
int64_t decode_total(const struct decode *d);

/* SHA-256 of the file's bytes, in hex. Does not disturb the reading. */
enum { SHA256_TEXT = 65 };
enum status decode_sha256(const struct decode *d, char out[SHA256_TEXT], struct err *e);

/* The length of the longest prefix of s that is whole, well-formed UTF-8 without NUL. *bad says whether
 * what follows is ill-formed (or NUL); otherwise it is the beginning of a character cut off, or nothing.
 * *wide is increased by the characters of three and more bytes; NULL allowed. */
size_t decode_utf8_span(const char *s, size_t n, bool *bad, int64_t *wide);

#endif
