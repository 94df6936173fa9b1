#include "core/api/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The host at s, brackets and all; 0 when there is none. */
static size_t host_length(const char *s)
{
    struct in6_addr six;
    char text[INET6_ADDRSTRLEN];
    if (*s != '[')
        return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    size_t n = strcspn(s + 1, "]");
    if (s[1 + n] != ']' || n >= sizeof text)
        return 0;
    memcpy(text, s + 1, n);
    text[n] = '\0';
    return inet_pton(AF_INET6, text, &six) == 1 ? n + 2 : 0;
}

/* ":8443", "" or one slash at the end. */
static bool is_rest(const char *s)
{
    if (*s == ':') {
        size_t n = strspn(++s, "0123456789");
        long port = n && n < 6 ? strtol(s, NULL, 10) : 0;
        if (port < 1 || port > 65535)
            return false;
        s += n;
    }
    return !*s || strcmp(s, "/") == 0;
}

static bool is_this_machine(const char *host, size_t n)
{
    struct in_addr four;
    char text[16];
    if ((n == 5 && memcmp(host, "[::1]", 5) == 0) || (n == 9 && strncasecmp(host, "localhost", 9) == 0))
        return true;
    if (n >= sizeof text)
        return false;
    memcpy(text, host, n);
    text[n] = '\0';
    return inet_pton(AF_INET, text, &four) == 1 && ntohl(four.s_addr) >> 24 == 127;
}

enum status address_read(const char *text, struct address *out, struct err *e)
{
    *out = (struct address){ 0 };
    if (strncmp(text, "unix:/", 6) == 0 && strlen(text + 5) <= ADDRESS_PATH) {
        snprintf(out->base, sizeof out->base, "http://localhost");
        snprintf(out->socket, sizeof out->socket, "%s", text + 5);
        snprintf(out->name, sizeof out->name, "%s", text + 5);
        return ST_OK;
    }
    out->tls = strncasecmp(text, "https://", 8) == 0;
    if (!out->tls && strncasecmp(text, "http://", 7) != 0)
        return fail(e, ST_INVALID, "server.url", text, NULL);
    const char *host = text + (out->tls ? 8 : 7);
    size_t n = host_length(host);
    if (!n || n > ADDRESS_HOST || !is_rest(host + n))
        return fail(e, ST_INVALID, "server.url", text, NULL);
    if (!out->tls && !is_this_machine(host, n))
        return fail(e, ST_INVALID, "server.plain", text, NULL);
    snprintf(out->name, sizeof out->name, "%.*s", (int)strcspn(host, "/"), host);
    snprintf(out->base, sizeof out->base, "%s%s", out->tls ? "https://" : "http://", out->name);
    return ST_OK;
}
