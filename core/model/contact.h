/* contact.h - phone, e-mail and id number in normal form: what is hashed, compared and dialled.
 *
 * What a person typed is stored beside it, unchanged. The functions return NULL and write the normal form
 * to out, or return the stable code of the refusal and leave out empty. Full-width characters count as
 * their ASCII twins; blanks and marks that nobody sees (no-break spaces, text direction) are skipped.
 * Pure; any thread.
 */
#ifndef CORE_MODEL_CONTACT_H
#define CORE_MODEL_CONTACT_H

#include <stdbool.h>

enum { PHONE_TEXT = 24, EMAIL_TEXT = 256, IDNO_TEXT = 20 };

/* Mobile numbers become 11 digits, land lines their digits with area code (0571...), 400 and 800 numbers
 * their 10 digits, all without +86, 0086, blanks, dashes and brackets; other countries +digits (E.164).
 * Codes: phone.zero_lost (a land line without the zero of its area code: Excel took it), phone.area (a local
 * number without area code), phone.invalid. */
const char *phone_normal(const char *s, char out[PHONE_TEXT]);

/* Lower case, exactly one @, a domain with a dot. Code: email.invalid. */
const char *email_normal(const char *s, char out[EMAIL_TEXT]);

/* The 18-character number of a resident identity card, X upper case. Codes: id_number.checksum (a digit is
 * wrong), id_number.invalid (length, characters, a date that does not exist). */
const char *idno_normal(const char *s, char out[IDNO_TEXT]);

/* By the name of the field it stands in: "email", "id_no", else a phone. */
const char *contact_normal(const char *field, const char *s, char out[EMAIL_TEXT]);

/* The birthday in a number that idno_normal() gave. */
void idno_birthday(const char *normal, int *year, int *month, int *day);

#endif
