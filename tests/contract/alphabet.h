/* alphabet.h - twenty-one leads, small enough that what a condition finds is worked out by hand. Each is
 * called by its external id, a letter. All of them are made by operations, at the times that stand here
 * (Shanghai); after that it is ALPHABET_NOW, Wednesday 2027-05-19 10:00.
 *
 *     branches      HQ --- N --- N1, N2 (of bank.h)          E is 华东; E1 and E2 are its outlets
 *                    |---- S
 *                    `---- E --- E1, E2
 *     employees     501 张伟 and 502 李娜 at E1, 503 王芳 at E2 (staff); 900 陈晨 at E (head office: sees
 *                   all); 101 at N1 (of bank.h). 502 is on leave since 05-19 09:30; the others are on duty.
 *     channels      web 网络, app 手机银行 (online), fair 展会 (offline)
 *     tags          vip 贵宾, old 老客户, cold 冷
 *     custom fields job 职业 (text), income 年收入 (number), since 开户日 (date),
 *                   tier 等级 (gold, silver, bronze), payroll 代发 (yes or no)
 *
 *     made (2027)             name       at prod.chan.intent sex region   score owner tags     birthday
 *   A 2026-12-31 23:59:59.999 张三       E1 card web  high   m   上海     80    501   vip      1990-05-19
 *   B 01-01 00:00             张三丰     E1 loan web  mid    m   上海     60    501   vip, old 1985-12-31
 *   C 02-10 12:00                        HQ none                                pool
 *   D 03-31 23:59:59.999      李四       E2 card app  low    f   杭州     79    503   old      1990-05-20
 *   E 04-01 00:00             王五       E2 loan app  mid    f   杭州     61    503   cold     2000-01-01
 *   F 04-19 09:59:59.999      欧阳锋     E1 card fair high   m   上海     59    502
 *   G 04-19 10:00             Zhang San  E1 card web             Shanghai 81    pool
 *   H 04-30 23:59:59.999      ＡＢＣ公司 N1 loan web  low        北京     0     pool
 *   I 05-01 00:00             abc Ltd.   N1 loan fair mid        北京     100   101   vip
 *   J 05-12 09:59:59.999      赵六       E2 card app  high       SHANGHAI       503
 *   K 05-12 10:00             孙%七      E2 loan                 (below)  50    503
 *   L 05-14 09:59:59.999      周_八      E1 card fair low                 50    501
 *   M 05-14 10:00             吴*九      E2 none                                pool
 *   N 05-15 12:00 (Saturday)  郑十       E1 card web                      70    501
 *   O 05-16 23:59:59.999      王小明     E2 loan                          70    503
 *   P 05-17 00:00 (Monday)    王大明     E  none                                pool
 *   Q 05-17 23:59:59.999      陈 O'Neil  E1 none web                      10    501
 *   R 05-18 00:00             林"引号"   E2 none app                      20    503
 *   S 05-18 23:59:59.999      黄\石      E1 none                          30    pool
 *   T 05-19 00:00             刘备       E1 none                          40    pool
 *   U 05-19 10:00 (now)       关羽       S  none                                pool
 *
 *     region        K `shanghai pudong`; H's was 天津 until 05-12 10:00
 *     phones        A 13800000001, B 13800000002, C 13800000003; e-mail: A a@example.com
 *     source detail A `网点活动 5%`, B `a_b`, D `axb`
 *     custom        A 教师, 120000, 2020-01-01, gold, yes       B Teacher, 99999.5, 2020-01-02, silver, no
 *                   D ＴＥＡＣＨＥＲ, 0, 2027-05-19, gold, yes  E 教师助理, -5.25, 2027-05-18, bronze
 *                   F income 0.15
 *     consents      B sms granted, G phone granted and sms refused, H sms withdrawn (when they were made);
 *                   E phone refused (at his follow-up)
 *     stages        new, but: A opportunity (2027-05-15 08:00), B nurturing (05-12 09:59), E mql (05-12
 *                   10:00), I, N, O contacted (by their follow-ups), D, J, K won, L lost (05-18 16:00)
 *     deals         D 05-10 10:00 29,999.99; J 05-13 09:00 30,000; K 05-18 15:00 150,000,000
 *     hands         Q claimed by 501 05-18 12:00; R assigned to 503 by 900 05-18 18:00; T claimed by 501
 *                   05-19 08:00, returned 08:30; S (501's) returned 05-19 09:00. Each is received then; the
 *                   others when they were made.
 *     tasks         by hand: A due 05-20 12:00, open; B due 05-18 09:00, done
 *     follow-ups    A 04-18 09:00 no_answer; 05-10 09:00 reached (note 约周五); 05-18 09:00 interested, wechat
 *                   B 04-19 10:00 no_answer; 05-14 10:00 no_answer
 *                   D 05-09 09:00 reached, counter        E 04-19 09:59 refuses_marketing
 *                   F 05-14 09:59:59.999 busy             I 05-15 12:00 (Sat.) not_interested, visit
 *                   N 05-18 10:00 appointment, next 05-20 10:00
 *                   O 05-19 09:00 considering, next 05-20 10:00:01
 *                   each by the lead's owner, by phone where nothing else is said
 */
#ifndef TESTS_CONTRACT_ALPHABET_H
#define TESTS_CONTRACT_ALPHABET_H

#include "tests/contract/bank.h"

#define ALPHABET_NOW INT64_C(1810692000000)     /* Wednesday 2027-05-19 10:00 in Shanghai */
#define ALPHABET "ABCDEFGHIJKLMNOPQRSTU"

/* A bank with them; the caller is 900. */
int alphabet_setup(void **state);

/* The letters of the leads that the caller finds, rising; "refused: CODE" when the condition is refused. */
const char *alphabet_find(struct bank *k, const char *where);

#endif
