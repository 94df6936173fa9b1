/* Copies and questions, as the terminal gets them. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tui/clip.h"
#include "tui/probe.h"

static struct buf out;

static int setup(void **state)
{
    (void)state;
    out = (struct buf)BUF_INIT;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_release(&out);
    return 0;
}

/* The examples of RFC 4648, section 10. */
static void words_travel_as_base64(void **state)
{
    static const char *const rows[][2] = { { "f", "Zg==" },         { "fo", "Zm8=" },
                                           { "foo", "Zm9v" },       { "foob", "Zm9vYg==" },
                                           { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };
    char want[64];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        buf_clear(&out);
        assert_true(clip_encode(&out, rows[i][0], CLIP_PLAIN));
        snprintf(want, sizeof want, "\033]52;c;%s\a", rows[i][1]);
        assert_string_equal(out.s, want);
    }
}

static void nothing_but_words_is_copied(void **state)
{
    (void)state;
    clip_clean(&out, "张·三\033]52;c;eA==\a\t13800138000\r\n\xe2\x80\xae李\xc2\x9b四\xff\xe2\x80\x8b!\n");
    assert_string_equal(out.s, "张·三]52;c;eA==\t13800138000\n李四!\n");
}

/* 74,994 bytes of base64 hold 56,244 bytes (74,992 / 4 * 3): one more is too many. */
static void a_copy_is_whole_or_not_at_all(void **state)
{
    char *words = malloc(56246);

    (void)state;
    memset(words, 'x', 56245);
    words[56244] = '\0';
    assert_true(clip_encode(&out, words, CLIP_PLAIN));
    assert_true(out.len <= 74994 + 8);
    buf_clear(&out);
    words[56244] = 'x';
    words[56245] = '\0';
    assert_false(clip_encode(&out, words, CLIP_PLAIN));
    assert_int_equal(out.len, 0);
    free(words);
}

static void tmux_passes_it_on_first(void **state)
{
    (void)state;
    assert_true(clip_encode(&out, "foo", CLIP_TMUX));
    assert_string_equal(out.s, "\033Ptmux;\033\033]52;c;Zm9v\a\033\\\033]52;c;Zm9v\a");
}

static void screen_gets_pieces(void **state)
{
    char words[200], *piece;
    struct buf whole = BUF_INIT;

    (void)state;
    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    assert_true(clip_encode(&out, words, CLIP_SCREEN));
    for (piece = out.s; *piece; piece += 2) {
        char *end = strstr(piece, "\033\\");

        assert_memory_equal(piece, "\033P", 2);
        assert_non_null(end);
        assert_true(end - piece <= 78);
        buf_add(&whole, piece + 2, (size_t)(end - piece - 2));
        piece = end;
    }
    buf_clear(&out);
    assert_true(clip_encode(&out, words, CLIP_PLAIN));
    assert_string_equal(whole.s, out.s);
    buf_release(&whole);
}

static void each_terminal_has_its_way(void **state)
{
    (void)state;
    assert_int_equal(clip_way("xterm-256color", NULL), CLIP_PLAIN);
    assert_int_equal(clip_way("xterm-256color", "/tmp/tmux-0/default,1,0"), CLIP_TMUX);
    assert_int_equal(clip_way("tmux-256color", NULL), CLIP_TMUX);       /* over ssh, TMUX stays behind */
    assert_int_equal(clip_way("screen-256color", "/tmp/tmux-0/default,1,0"), CLIP_TMUX);
    assert_int_equal(clip_way("screen", NULL), CLIP_SCREEN);
    assert_int_equal(clip_way("linux", NULL), CLIP_NOWHERE);
    assert_int_equal(clip_way(NULL, NULL), CLIP_NOWHERE);
}

static void the_question_leaves_no_trace(void **state)
{
    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8");
    probe_ask(&out, 1, 4);
    assert_string_equal(out.s, "\0337\033[m\033[2;5H·\033[6n\033[2;5H  \0338");
    assert_int_equal(probe_width(1, 4, 1, 5), 1);
    assert_int_equal(probe_width(1, 4, 1, 6), 2);
    assert_int_equal(probe_width(1, 4, 1, 4), 0);
    assert_int_equal(probe_width(1, 4, 2, 5), 0);
    assert_int_equal(probe_width(1, 4, 1, 12), 0);
    assert_false(probe_is_answered("linux"));
    assert_false(probe_is_answered("dumb"));
    assert_true(probe_is_answered("xterm"));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(words_travel_as_base64), CASE(nothing_but_words_is_copied),
        CASE(a_copy_is_whole_or_not_at_all), CASE(tmux_passes_it_on_first), CASE(screen_gets_pieces),
        CASE(each_terminal_has_its_way), CASE(the_question_leaves_no_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
