/* pinyin.h - names by the initials of their pinyin: 张三 by zs. */
#ifndef BASE_PINYIN_H
#define BASE_PINYIN_H

struct arena;

/* The initials, a to z, of the Chinese characters of a text, in the arena; NULL where it has none that is
 * known, and for NULL. Letters and digits of ASCII stay between them, folded; all else (blanks, the dot in
 * names) is left out: "A股·张三" gives "agzs". A text that begins with a surname which is read in another
 * way than the word (单, 尉迟) gives both, parted by a blank: "ds ss". text: UTF-8, in a normal form;
 * text_key() of it, which also folds what is of full width, gives what the columns x_py hold. */
char *pinyin_initials(struct arena *a, const char *text);

#endif
