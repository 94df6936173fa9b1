#include "tui/clip.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/uistate.h"

enum { SCREEN_PIECE = 76 };     /* bytes that GNU screen passes on at once, for certain */

enum clip_way clip_way(const char *term, const char *tmux)
{
    if (!term || !*term || !strcmp(term, "linux") || !strcmp(term, "dumb"))
        return CLIP_NOWHERE;
    if ((tmux && *tmux) || !strncmp(term, "tmux", 4))
        return CLIP_TMUX;
    return strncmp(term, "screen", 6) ? CLIP_PLAIN : CLIP_SCREEN;
}

void clip_clean(struct buf *out, const char *words)
{
    size_t n = strlen(words), len;

    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(words + i, n - i, &len);

        if (len == 1 && (unsigned char)words[i] >= 0x80)
            continue;                           /* no character at all */
        if (c == '\n' || c == '\t' || !text_hidden(c))
            buf_add(out, words + i, len);
    }
}

static void add_base64(struct buf *out, const char *s, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)s;

    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 | (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
                     (i + 2 < n ? p[i + 2] : 0);

        buf_addc(out, digits[v >> 18]);
        buf_addc(out, digits[v >> 12 & 63]);
        buf_addc(out, i + 1 < n ? digits[v >> 6 & 63] : '=');
        buf_addc(out, i + 2 < n ? digits[v & 63] : '=');
    }
}

/* The sequence in the wrapping that each of the two multiplexers passes on. */
static void wrap(struct buf *out, const struct buf *osc, enum clip_way way)
{
    if (way == CLIP_TMUX)
        buf_addf(out, "\033Ptmux;\033%s\033\\", osc->s);
    if (way != CLIP_SCREEN) {
        buf_add(out, osc->s, osc->len);
        return;
    }
    for (size_t i = 0; i < osc->len; i += SCREEN_PIECE) {
        size_t n = osc->len - i < SCREEN_PIECE ? osc->len - i : SCREEN_PIECE;

        buf_adds(out, "\033P");
        buf_add(out, osc->s + i, n);
        buf_adds(out, "\033\\");
    }
}

bool clip_encode(struct buf *out, const char *words, enum clip_way way)
{
    struct buf clean = BUF_INIT, osc = BUF_INIT;
    bool fits;

    clip_clean(&clean, words);
    fits = (clean.len + 2) / 3 * 4 <= CLIP_BASE64_MAX;
    if (fits) {
        buf_adds(&osc, "\033]52;c;");
        add_base64(&osc, clean.s, clean.len);
        buf_addc(&osc, '\a');
        wrap(out, &osc, way);
    }
    buf_release(&clean);
    buf_release(&osc);
    return fits;
}

const char *clip_text(const struct ui *ui)
{
    return ui->copied.s;
}

unsigned clip_copy(struct ui *ui, const char *words)
{
    struct buf clean = BUF_INIT;

    if (!ui->options.clipboard) {
        ui_toast(ui, TOAST_WARN, "%s", _("Copying is switched off here"));
        return UI_DONE;
    }
    clip_clean(&clean, words);
    if (clean.len == 0) {
        ui_toast(ui, TOAST_WARN, "%s", _("There is nothing here to copy"));
    } else if ((clean.len + 2) / 3 * 4 > CLIP_BASE64_MAX) {
        ui_toast(ui, TOAST_WARN, "%s", _("Too much for the clipboard; nothing was copied"));
    } else {
        buf_clear(&ui->copied);
        buf_add(&ui->copied, clean.s, clean.len);
        if (ui->term && term_copy(ui->term, clean.s))
            ui_toast(ui, TOAST_DONE, "%s", _("Copied"));
        else
            ui_toast(ui, TOAST_WARN, "%s",
                     _("Copied inside Gonghai only; this terminal has no clipboard"));
    }
    buf_release(&clean);
    return UI_DONE;
}
