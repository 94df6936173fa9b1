/* The language as people write it: sentences in English and in Chinese, and the leads that they
 * find, worked out by hand from the table of leads (alphabet.h). Each pair is one tree: both
 * spellings print alike in both languages, and what is printed reads back.
 *
 * What is expected are letters, those found; with a `!` before them, all but those.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "core/lang/lang.h"
#include "core/store/row.h"
#include "tests/contract/alphabet.h"

struct sentence { const char *en, *zh, *finds; };
struct doubtful { const char *text, *word, *column, *how; };

/* ---- the table ---------------------------------------------------------------------------------------- */

static const struct sentence words[] = {
    /* names are compared folded: case, width */
    { "name = 张三", "客户 = 张三", "A" },
    { "name = \"zhang san\"", "客户 等于 \"zhang san\"", "G" },
    { "name = \"ＺＨＡＮＧ　ＳＡＮ\"", "客户＝“ＺＨＡＮＧ　ＳＡＮ”", "G" },
    { "name = abc公司", "客户=abc公司", "H" },
    { "name != 张三", "客户 不等于 张三", "!A" },             /* C has no name: it is not 张三 */
    { "not (name = 张三)", "非（客户 = 张三）", "!A" },
    { "name <> 张三 and name is set", "客户 ≠ 张三 且 客户 不为空", "!AC" },
    { "name is empty", "客户 为空", "C" },
    { "name is not empty", "客户非空", "!C" },
    { "name in (张三, 李四, \"abc ltd.\")", "客户 属于 （张三、李四，\"abc ltd.\"）", "ADI" },
    { "name not in (张三, 李四)", "客户 不属于 (张三, 李四)", "!AD" },
    { "name contains 三", "客户包含三", "AB" },
    { "name contains BC", "客户 包含 BC", "HI" },
    { "name not contains 三", "客户不包含三", "!AB" },
    { "name starts with 张", "客户开头为张", "AB" },
    { "name starts with \"Ａbc\"", "客户 开头为 \"Ａbc\"", "HI" },
    /* small letters are also the initials of the pinyin: 张三 is zs, 张三丰 zsf, 郑十 zs, 欧阳锋 oyf */
    { "name contains zs", "客户 包含 zs", "ABN" },
    { "name starts with zsf", "客户开头为zsf", "B" },
    { "name contains yf", "客户 包含 yf", "F" },
    { "name = zs", "客户 = zs", "" },
    { "name contains zha", "客户 包含 zha", "G" },
    /* what a pattern of SQL would take is itself only */
    { "name contains \"%\"", "客户 包含 \"%\"", "K" },
    { "name contains \"_\"", "客户 包含 \"_\"", "L" },
    { "name contains \"*\"", "客户 包含 \"*\"", "M" },
    { "name contains \"\\\"\"", "客户 包含 \"\\\"\"", "R" },
    { "name contains \"\\\\\"", "客户 包含 \"\\\\\"", "S" },
    { "name contains \"'\"", "客户 包含 “'”", "Q" },
    { "source_detail contains \"_\"", "来源明细 包含 \"_\"", "B" },
    { "source_detail contains \"%\"", "来源明细 包含 \"%\"", "A" },
    /* * is any run, ? one character, of the whole text */
    { "name matches \"张*\"", "客户 匹配 \"张*\"", "AB" },
    { "name matches \"张?\"", "客户 匹配 \"张?\"", "A" },
    { "name matches \"*明\"", "客户匹配\"*明\"", "OP" },
    { "name matches \"*BC*\"", "客户 匹配 \"*BC*\"", "HI" },
    { "name matches 三", "客户 匹配 三", "" },
    { "name matches \"?%*\"", "客户 匹配 \"?%*\"", "K" },
    { "not (name matches \"*\")", "不 (客户 匹配 \"*\")", "C" },
    { "source_detail matches \"a?b\"", "来源明细 匹配 \"a?b\"", "BD" },
    /* a text without a key: by its bytes, and patterns whatever the case */
    { "region = Shanghai", "区域 = Shanghai", "G" },
    { "region contains hai", "区域 包含 hai", "GK" },
    { "region matches \"shang*\"", "区域 匹配 \"shang*\"", "GJK" },
    { "region starts with 上", "区域 开头为 上", "ABF" },
    { "region >= 上", "区域 不小于 上", "ABDEFHI" },          /* 上 E4.., 北 E5.., 杭 E6.. */
    { "region < a", "区域 小于 a", "GJ" },
    { "external_id < C", "外部编号 < C", "AB" },
    { "external_id between F and H", "外部编号 介于 F 与 H", "FGH" },
    { "external_id = b", "外部编号 = b", "B" },
    { "reason = \"no budget\"", "原因 = \"no budget\"", "L" },
};

static const struct sentence choices[] = {
    { "intent = high", "意向 = 高", "AFJ" },
    { "intent != high", "意向 != 高", "!AFJ" },
    { "intent in (high, mid)", "意向 属于 (高, 中)", "ABEFIJ" },
    { "intent not in (high, low)", "意向 不在 (高, 低)", "!ADFHJL" },
    { "intent is empty", "意向为空", "CGKMNOPQRSTU" },
    { "gender = f", "性别 = 女", "DE" },
    { "not gender = f", "非 性别 = 女", "!DE" },
    { "received_how = claim", "到手方式 = 已领取", "Q" },
    { "received_how in (assign, return)", "到手方式 属于 (已分配, 已退回)", "RST" },
    { "open = no", "进行中 = 否", "DJKL" },
    { "open = yes and stage = new", "进行中 = 是 且 阶段 = new", "CFGHMPQRSTU" },
    /* secrets: only a full value, however it is written */
    { "phone = 13800000003", "电话 = 13800000003", "C" },
    { "phone in (13800000001, \"+86 138-0000-0002\")", "电话 属于 (13800000001, \"+86 138-0000-0002\")", "AB" },
    { "phone != 13800000003", "电话 ≠ 13800000003", "!C" },
    { "phone is set", "电话 不为空", "ABC" },
    { "email = \"A@Example.com\"", "邮箱 = \"A@Example.com\"", "A" },
};

static const struct sentence numbers[] = {
    { "score = 80", "评分 等于 80", "A" },
    { "score != 80", "评分≠80", "!A" },
    { "score > 80", "评分 高于 80", "GI" },
    { "score >= 80", "评分≥80", "AGI" },
    { "score < 50", "评分不足50", "HQRST" },
    { "score <= 50", "评分不超过50", "HKLQRST" },
    { "not (score >= 60)", "非 (评分 >= 60)", "CFHJKLMPQRSTU" },  /* an empty score is not 60 or more */
    { "not (score < 60)", "非 (评分 < 60)", "ABCDEGIJMNOPU" },
    { "score between 60 and 80", "评分介于60与80", "ABDENO" },
    { "not (score between 60 and 80)", "非 (评分 介于 60 至 80)", "!ABDENO" },
    { "score between 60 and 80 and tags has vip", "评分 介于 60 和 80 且 标签 含 vip", "AB" },
    { "score in (0, 100)", "评分 属于 (0, 100)", "HI" },
    { "score < 0", "评分 < 0", "" },
    { "score is empty", "评分 是空", "CJMPU" },
    { "amount >= 3万", "金额 >= 3万", "JK" },
    { "amount = 30000", "金额=3万", "J" },
    { "amount < 3万", "金额 低于 3万", "D" },
    { "amount > 1.5亿", "金额 超过 1.5亿", "" },
    { "amount = 1.5亿", "金额 = 150000000", "K" },
    { "amount between 29999.99 and 3万", "金额 介于 29999.99 到 3万", "DJ" },
    { "amount is set", "金额 不为空", "DJK" },
    { "attr.income >= 10万", "attr.年收入 >= 10万", "A" },
    { "attr.income = 15%", "attr.年收入 = 15%", "F" },
    { "attr.income < 0", "attr.年收入 < 0", "E" },
    { "attr.income between 0 and 10万", "attr.年收入 介于 0 与 10万", "BDF" },
    { "attr.income in (0, 15%, -5.25)", "attr.年收入 属于 (0, 15%, -5.25)", "DEF" },
    { "attr.income != 0", "attr.年收入 != 0", "!D" },
    { "attr.job = teacher", "attr.职业 = teacher", "BD" },
    { "attr.job contains 教师", "attr.职业 包含 教师", "AE" },
    { "attr.job matches \"教师??\"", "attr.职业 匹配 \"教师??\"", "E" },
    { "attr.job is empty", "attr.职业 为空", "!ABDE" },
    { "attr.tier in (gold, silver)", "attr.等级 属于 (gold, silver)", "ABD" },
    { "attr.tier != gold", "attr.等级 != gold", "!AD" },
    { "attr.payroll = yes", "attr.代发 = 是", "AD" },
    { "attr.payroll = no", "attr.代发 = 否", "B" },
    { "not (attr.payroll = yes)", "非 (attr.代发 = 是)", "!AD" },
};

static const struct sentence times[] = {
    { "received_at = today", "到手时间 = 今天", "STU" },
    { "received_at = yesterday", "到手时间 = 昨天", "QR" },
    { "created_at = today", "创建时间 = 今日", "TU" },
    { "created_at != today", "创建时间 != 今天", "!TU" },
    { "created_at < today", "创建时间 早于 今天", "!TU" },
    { "created_at <= yesterday", "创建时间 <= 昨天", "!TU" },
    { "created_at > yesterday", "创建时间 晚于 昨天", "TU" },
    { "created_at = 2027-05-18", "创建时间 = 2027-05-18", "RS" },
    { "created_at = 2027/5/18", "创建时间＝２０２７－０５－１８", "RS" },
    { "created_at in (2027-05-17, today)", "创建时间 属于 (2027-05-17, 今天)", "PQTU" },
    { "created_at not in (2027-05-17, today)", "创建时间 不属于 (2027-05-17, 今天)", "!PQTU" },
    { "created_at between 2027-05-17 and yesterday", "创建时间 介于 2027-05-17 与 昨天", "PQRS" },
    { "created_at between 2027-05-17 and 2027-05-18 and score is set",
      "创建时间 介于 2027-05-17 与 2027-05-18 且 评分 不为空", "QRS" },
    { "created_at >= 2027-05-17T16:00:00Z", "创建时间 >= 2027-05-17T16:00:00Z", "RSTU" },
    { "created_at > 2027-05-18 00:00", "创建时间 > 2027-05-18 00:00", "STU" },
    { "created_at > now - 7d", "创建时间 > 现在 - 7天", "LMNOPQRSTU" },
    { "created_at >= now - 168h", "创建时间 >= 现在 - 168小时", "KLMNOPQRSTU" },
    { "created_at >= today - 2d", "创建时间 >= 今天 - 2天", "PQRSTU" },
    { "next_follow_up_at = tomorrow", "下次跟进 = 明天", "NO" },
    { "next_follow_up_at = today + 1d", "下次跟进 = 今天 + 1天", "NO" },
    { "next_follow_up_at <= now + 24h", "下次跟进 <= 现在 + 24小时", "N" },
    { "birthday = 1990-05-19", "生日 = 1990-05-19", "A" },
    { "birthday < 1990-05-20", "生日 < 1990-05-20", "AB" },
    { "attr.since = today", "attr.开户日 = 今天", "D" },
    { "attr.since <= 2020-01-01", "attr.开户日 <= 2020-01-01", "A" },
    { "attr.since >= yesterday", "attr.开户日 >= 昨天", "DE" },
    { "created_at >= start of week", "创建时间 >= 周初", "PQRSTU" },
    { "created_at = start of week", "创建时间 = 本周初", "PQ" },
    { "created_at > start of week", "创建时间 > 周初", "RSTU" },
    { "created_at < start of week", "创建时间 < 周初", "!PQRSTU" },
    { "created_at >= start of month", "创建时间 >= 月初", "!ABCDEFGH" },
    { "created_at < start of month - 1d", "创建时间 < 月初 - 1天", "ABCDEFG" },
    { "created_at = start of month", "创建时间 = 月初", "I" },
    { "created_at >= start of quarter", "创建时间 >= 季初", "!ABCD" },
    { "created_at < start of year", "创建时间 早于 年初", "A" },
    { "created_at = start of year", "创建时间 = 今年初", "B" },
    { "created_at between start of year and start of quarter", "创建时间 介于 年初 与 季初", "BCDE" },
};

static const struct sentence windows[] = {
    { "created_at within last 7d", "创建时间 近7天", "KLMNOPQRSTU" },
    { "created_at within last 30d", "创建时间近30天", "GHIJKLMNOPQRSTU" },
    { "created_at within 24h", "创建时间 最近24小时", "STU" },
    { "created_at within last 30m", "创建时间 近30分钟", "U" },
    { "created_at within last 2w", "创建时间 近2周", "JKLMNOPQRSTU" },
    { "created_at within last 14 days", "创建时间 近14天", "JKLMNOPQRSTU" },
    { "created_at within last 3 working days", "创建时间 近3工作日", "MNOPQRSTU" },
    { "not (created_at within last 7d)", "非 (创建时间 近7天)", "ABCDEFGHIJ" },
    { "next_follow_up_at within next 24h", "下次跟进 未来24小时", "N" },
    { "next_follow_up_at within next 2 working days", "下次跟进未来2个工作日", "NO" },
    { "left_at within next 24h", "剩余时限 未来24小时", "NQR" },
    /* how long ago the last follow-up was, or since it was received */
    { "idle > 7d", "未跟进 > 7天", "CDEGHJ" },
    { "idle >= 7d", "未跟进 不少于 7天", "CDEGHJK" },
    { "idle > 3 working days", "未跟进 > 3工作日", "CDEFGHJKL" },
    { "idle >= 3 working days", "未跟进 >= 3个工作日", "BCDEFGHJKLM" },
    { "idle < 58 working hours", "未跟进 < 58工作小时", "ANOQRSTU" },         /* P: Monday 00:00 + 58 is now */
    { "idle <= 58 working hours", "未跟进 <= 58工作小时", "AINOPQRSTU" },     /* a Saturday counts from Monday */
    { "idle between 7d and 30d", "未跟进 介于 7天 与 30天", "DGHJK" },
    { "idle between 24h and 3 working days", "未跟进 介于 24小时 与 3工作日", "ABIMNP" },
    { "not (idle > 7d)", "非 (未跟进 > 7天)", "!CDEGHJ" },
    { "idle is empty", "未跟进 为空", "" },
    { "age > 30d", "建档时长 > 30天", "ABCDEF" },
    { "age >= 30d", "建档时长 >= 30天", "ABCDEFG" },
};

static const struct sentence references[] = {
    { "owner = 501", "归属人 = 501", "ABLNQ" },
    { "owner != 501", "归属人 != 501", "!ABLNQ" },
    { "owner = 张伟", "归属人=张伟", "ABLNQ" },
    { "owner in (502, 503)", "归属人 在 (502、503)", "DEFJKOR" },
    { "owner is empty", "归属人为空", "CGHMPSTU" },
    { "owner is set", "归属人 非空", "!CGHMPSTU" },
    { "stage = new", "阶段 = new", "CFGHMPQRSTU" },
    { "stage in (mql, opportunity)", "阶段属于(mql,opportunity)", "AE" },
    { "stage not in (new, won, lost, contacted)", "阶段 不属于（new、won、lost、contacted）", "ABE" },
    { "stage.kind = won", "阶段.类别 = 成交", "DJK" },
    { "product = card", "产品 = card", "ADFGJLN" },
    { "channel in (web, fair)", "来源 属于 (web, fair)", "ABFGHILNQ" },
    { "channel not in (web, fair)", "来源 不属于 (web, fair)", "!ABFGHILNQ" },
    { "channel.kind = online", "来源.类别 = 线上", "ABDEGHJNQR" },
    { "channel.kind != online", "来源的类别 != 线上", "!ABDEGHJNQR" },
    { "channel.kind is empty", "来源.类别 为空", "CKMOPSTU" },
    { "branch = E1", "机构 = E1", "ABFGLNQST" },
    { "branch under E", "机构 辖内 E", "!CHIU" },
    { "not (branch under 华东)", "非 (机构 隶属于 华东)", "CHIU" },
    { "branch.level = outlet", "机构.层级 = 网点", "!CPU" },
    { "pool = default", "公海 = default", "CGHMPSTU" },
    { "owner.status = leave", "归属人.状态 = 休假", "F" },
    { "owner.status != leave", "归属人的状态 != 休假", "!F" },
    { "owner.branch = E1", "归属人.机构 = E1", "ABFLNQ" },
    { "owner.branch under E and product = loan", "归属人.机构 辖内 E 且 产品 = loan", "BEKO" },
    { "owner.name starts with 张", "归属人.名称 开头为 张", "ABLNQ" },
    { "owner.name is empty", "归属人.名称 为空", "CGHMPSTU" },
    { "person.phone = 13800000001", "客户档案.电话 = 13800000001", "A" },
    { "tags has vip", "标签 含 vip", "ABI" },
    { "tags has vip and not (tags has old)", "有标签 vip 且 非 (标签 含有 old)", "AI" },
    { "not (tags has vip)", "非 (标签 含 vip)", "!ABI" },
    { "tags in (old, cold)", "标签 属于 (old, cold)", "BDE" },
    { "tags not in (old, cold)", "标签 不属于 (old, cold)", "!BDE" },
    { "tags is empty", "标签 为空", "!ABDEI" },
    { "tags is set", "标签 不为空", "ABDEI" },
};

static const struct sentence mine[] = {        /* 900 陈晨 at E asks */
    { "branch under my branch", "机构辖内本机构", "!CHIU" },
    { "branch = my branch", "机构 = 本机构", "P" },
    { "owner = me", "归属人 = 我", "" },
    { "owner.branch under my branch", "归属人.机构 辖内 本机构", "ABDEFJKLNOQR" },
};

static const struct sentence staff[] = {       /* 501 张伟 at E1, who sees E1 and what waits in the pool */
    { "owner = me", "归属人 = 本人", "ABLNQ" },
    { "owner = me or name contains 三", "归属人=我或客户包含三", "ABLNQ" },
    { "branch under my branch", "机构 辖内 本机构", "ABFGLNQST" },
    { "any follow_ups (employee = me)", "有任一 跟进 (员工 = 我)", "ABN" },
    { "owner is empty and not (branch under my branch)", "归属人 为空 且 非 (机构 辖内 本机构)", "CHMPU" },
};

static const struct sentence lists[] = {
    { "any follow_ups", "有任一 跟进", "ABDEFINO" },
    { "not any follow_ups", "非 有任一 跟进", "!ABDEFINO" },
    { "any follow_ups (result = no_answer)", "有任一跟进(结果=无人接听)", "AB" },
    { "any follow_ups (result = reached and at within last 30d)", "有任一 跟进 (结果 = 已接通 且 时间 近30天)", "AD" },
    { "any follow_ups ((result = reached or result = interested) and at within last 7d)",
      "任一 跟进（（结果 = 已接通 或 结果 = 有意向）且 时间 近7天）", "A" },
    { "any follow_ups (at = 2027-05-14)", "有任一 跟进 (时间 = 2027-05-14)", "BF" },
    { "any follow_ups (not (note is empty))", "有任一 跟进 (非 (备注 为空))", "A" },
    { "any follow_ups (way in (visit, counter, wechat))", "有任一 跟进 (方式 属于 (visit, counter, wechat))", "ADI" },
    { "any follow_ups (employee.status = leave)", "有任一 跟进 (员工.状态 = 休假)", "F" },
    { "any follow_ups (employee.branch under E)", "有任一 跟进 (员工的机构 辖内 E)", "ABDEFNO" },
    { "any follow_ups (next_at is set)", "有任一 跟进 (下次跟进 不为空)", "NO" },
    { "every follow_ups (result = no_answer)", "每条跟进(结果=无人接听)", "!ADEFINO" },     /* none: all of none */
    { "every follow_ups (result = no_answer) and any follow_ups", "每条 跟进 (结果 = 无人接听) 且 有任一 跟进", "B" },
    { "not every follow_ups (result = no_answer)", "非 每次 跟进 (结果 = 无人接听)", "ADEFINO" },
    { "every follow_ups (note is empty)", "每条 跟进 (备注 为空)", "!A" },
    { "any deals (amount >= 3万)", "有任一 成交记录 (金额 >= 3万)", "JK" },
    { "any deals (product = card and won_at within last 7d)", "有任一 成交记录 (产品 = card 且 成交时间 近7天)", "J" },
    { "every deals (amount < 1亿)", "每条 成交记录 (金额 < 1亿)", "!K" },
    { "any tasks (kind = other)", "有任一 待办 (类别 = 其他)", "AB" },
    { "any tasks (kind = other and due_at within next 2d)", "有任一 待办 (类别 = 其他 且 时限 未来2天)", "A" },
    { "any tasks (kind = other and state = done)", "有任一 待办 (类别 = 其他 且 状态 = 完成)", "B" },
    { "any tasks (subject contains 资料)", "有任一 待办 (事项 包含 资料)", "A" },
    { "any consents (state = refused)", "有任一 营销同意 (状态 = 已拒绝)", "EG" },
    { "any consents (way = sms and state in (refused, withdrawn))",
      "有任一 营销同意 (方式 = 短信 且 状态 属于 (已拒绝, 已撤回))", "GH" },
    { "every consents (state = granted)", "每个 营销同意 (状态 = 已同意)", "!EGH" },
    { "any events (type = \"lead.lost\")", "有任一 事件 (事件 = \"lead.lost\")", "L" },
    { "any claims (actor = 501)", "有任一 领取 (操作人 = 501)", "QT" },
};

static const struct sentence deeds[] = {
    { "did follow_up at least 2 times in 30d", "做过 跟进 至少 2 次 近30天", "AB" },
    { "did follow_up at least 2 times in 30d", "做过跟进至少2次近30天", "AB" },
    { "did follow_up at least 3 times", "做过 跟进 至少 3 次", "A" },
    { "did follow_up at least 1 time", "做过 跟进 至少 1 次", "ABDEFINO" },
    { "did follow_up exactly 1 times within last 30d", "做过 跟进 恰好 1 次 最近30天", "DFINO" },
    { "did follow_up exactly 0 times in 30d", "做过 跟进 恰好 0 次 近30天", "CEGHJKLMPQRSTU" },
    { "did follow_up at most 1 times in 30d", "做过 跟进 至多 1 次 近30天", "!AB" },
    { "did follow_up more than 1 times in 30d", "有过 跟进 多于 1 次 近30天", "AB" },
    { "did follow_up fewer than 1 times", "做过 跟进 少于 1 次", "!ABDEFINO" },
    { "not (did follow_up at least 2 times)", "非 (做过 跟进 至少 2 次)", "!AB" },
    { "did follow_up (result = no_answer) at least 2 times",
      "做过 跟进 (结果 = 无人接听) 至少 2 次", "B" },
    { "did follow_up (result = no_answer) at least 1 times in 3 working days",
      "做过 跟进 (结果 = 无人接听) 至少 1 次 近3工作日", "B" },
    { "did deal at least 1 times in 7d", "做过 成交记录 至少 1 次 近7天", "JK" },
    { "did consent exactly 2 times", "做过 营销同意 恰好 2 次", "G" },
    { "did task (kind = other) at least 1 times in 7d", "做过 待办 (类别 = 其他) 至少 1 次 近7天",
      "B" },
    { "did claim at least 1 times in 24h", "做过 领取 至少 1 次 近24小时", "QT" },
    { "did assignment at least 1 times", "做过分配至少1次", "R" },
    { "did return at least 1 times", "做过 退回 至少 1 次", "ST" },
    { "did stage_change at least 1 times in 7d", "做过 阶段变更 至少 1 次 近7天", "AE" },
    { "did event (type = \"lead.returned\") exactly 1 times in 2h",
      "做过 事件 (事件 = \"lead.returned\") 恰好 1 次 近2小时", "ST" },
};

/* A stage is moved by its operation (A, E; B a minute too early), by a follow-up (I, N, O), by the
 * end (J, K, L). */
static const struct sentence changes[] = {
    { "stage changed within 7d", "阶段 变更于 近7天", "AEIJKLNO" },
    { "not (stage changed within 7d)", "非 (阶段变更于近7天)", "!AEIJKLNO" },
    { "amount changed within 7d", "金额 改变于 最近7天", "JK" },
    { "last_follow_up_at changed within 1d", "上次跟进 变更于 近24小时", "NO" },
    { "region changed within last 7d", "区域 变更于 近7天", "H" },
    { "region changed within 2 working days", "区域 变更于 近2工作日", "" },
    { "owner changed within 1d", "归属人 变更于 近1天", "QRST" },
    { "pool changed within 90m", "公海 变更于 近90分钟", "ST" },
    { "tags changed within 30d", "标签 变更于 近30天", "" },
};

static const struct sentence whole[] = {
    /* `and` binds closer than `or` */
    { "owner = 501 or owner = 503 and intent = high", "归属人 = 501 或 归属人 = 503 且 意向 = 高",
      "ABJLNQ" },
    { "(owner = 501 or owner = 503) and intent = high",
      "（归属人 ＝ 501 或者 归属人 ＝ 503）并且 意向 ＝ 高", "AJ" },
    { "not owner = 501 and score >= 60", "不 归属人 = 501 且 评分 >= 60", "DEGIO" },
    { "not (owner = 501 and score >= 60)", "非 (归属人 = 501 且 评分 >= 60)", "!ABN" },
    { "not not (score > 80)", "非 非 (评分 > 80)", "GI" },
    { "((score >= 60 and (intent = high or intent = mid)) or not (tags is empty or owner is "
      "empty)) and open = yes",
      "((评分 >= 60 且 (意向 = 高 或 意向 = 中)) 或 非 (标签 为空 或 归属人 为空)) 且 进行中 = 是",
      "ABEI" },
    { "SCORE >= 60 AND Owner IS Empty", "评分 >= 60 且 归属人 为空", "G" },
    { "score >= 60 and intent = high", "评分>=60且意向=高", "A" },
    { "score >= 60 and intent = high", "（评分　＞＝　６０）且（意向＝高）", "A" },
    { "idle > 7d and owner is set", "未跟进超过7天且归属人不为空", "DEJ" },
    { "owner.status = leave or amount >= 3万", "归属人的状态=休假 或 金额>=3万", "FJK" },
    { "tags has vip and score >= 60", "标签含vip 且评分>=60", "ABI" },
    { "stage in (new, mql) and amount is empty and not (owner is empty) and idle > 7d",
      "阶段 属于 (new, mql) 且 金额 为空 且 非 (归属人 为空) 且 未跟进 > 7天", "E" },
    { "", "　", "!" },
};

/* ---- one sentence ------------------------------------------------------------------------------------- */

/* The letters that are meant. */
static const char *expected(struct bank *k, const char *finds)
{
    if (finds[0] != '!')
        return finds;
    char *out = arena_alloc(&k->arena, sizeof ALPHABET), *w = out;
    for (const char *p = ALPHABET; *p; p++)
        if (!strchr(finds, *p))
            *w++ = *p;
    *w = '\0';
    return out;
}

static int differs(const char *what, const char *sentence, const char *got, const char *want)
{
    if (strcmp(got, want) == 0)
        return 0;
    print_error("%s: %s\n  got  %s\n  want %s\n", sentence, what, got, want);
    return 1;
}

static struct lang_env env_of(struct bank *k)
{
    struct lang_env env = { .noun = &lead_noun };
    assert_int_equal(attr_defs(k->raw.db, &lead_noun, &k->arena, &env.attrs, &env.nattrs, &k->e), ST_OK);
    return env;
}

static const char *printed(struct bank *k, const struct lang_env *env, const char *text, const char *lang)
{
    struct cond *c;
    struct buf out = BUF_INIT;
    if (lang_parse(&k->arena, text, env, &c, &k->e))
        return bank_text(k, "refused: %s %s %s %s", k->e.code, k->e.param[0], k->e.param[1], k->e.param[2]);
    lang_print(c, env, lang, &out);
    const char *s = arena_strdup(&k->arena, out.s);
    buf_release(&out);
    return s;
}

/* Both print alike in that language, and the print reads back as itself. */
static int prints(struct bank *k, const struct lang_env *env, const struct sentence *s, const char *lang)
{
    i18n_set(lang);
    const char *en = printed(k, env, s->en, lang), *zh = printed(k, env, s->zh, lang);
    int bad = differs(lang, s->zh, zh, en) + differs("read back", s->en, printed(k, env, en, lang), en);
    i18n_set("en");
    return bad;
}

static int check(struct bank *k, const struct lang_env *env, const struct sentence *s)
{
    const char *want = expected(k, s->finds);
    int bad = differs("finds", s->en, alphabet_find(k, s->en), want) +
              differs("finds", s->zh, alphabet_find(k, s->zh), want);
    return bad + prints(k, env, s, "en") + prints(k, env, s, "zh_CN");
}

static void check_all(struct bank *k, const struct sentence *list, size_t n)
{
    struct lang_env env = env_of(k);
    int bad = 0;
    for (size_t i = 0; i < n; i++)
        bad += check(k, &env, &list[i]);
    assert_int_equal(bad, 0);
}

#define CHECK(name, list)                                        \
    static void name(void **state)                               \
    {                                                            \
        bank_as(*state, "900");                                  \
        check_all(*state, list, sizeof list / sizeof *list);     \
    }

CHECK(words_and_patterns, words)
CHECK(choices_flags_and_secrets, choices)
CHECK(numbers_money_and_custom_fields, numbers)
CHECK(days_and_moments, times)
CHECK(windows_and_spans, windows)
CHECK(references_and_what_stands_behind_them, references)
CHECK(me_and_my_branch, mine)
CHECK(follow_ups_deals_tasks_consents, lists)
CHECK(how_often, deeds)
CHECK(what_was_changed, changes)
CHECK(whole_sentences, whole)

/* Without blanks a word ends where a link and another condition begin. */
static const struct sentence runs[] = {
    { "name contains 三 or name = 李四", "客户包含三或客户=李四", "ABD" },
    { "name contains 三 or name = 李四", "客户 包含 三或 客户 等于 李四", "ABD" },
    { "name contains 三 and region starts with 上", "客户包含三且区域开头为上", "AB" },
    { "name contains 三 or name = 李四 and name is empty", "客户包含三或客户=李四并且客户为空", "AB" },
    { "name = 李四 or (name contains 三 and name != 张三)", "客户=李四或者（客户包含三且客户!=张三）", "BD" },
    { "name = 李四 or not (name is set)", "客户=李四或非（客户不为空）", "CD" },
    { "name = 李四 or name contains 三", "（客户=李四）或（客户包含三）", "ABD" },
    { "score between 60 and 80 and tags has vip", "评分介于60至80且标签含vip", "AB" },
    { "tags has vip and score between 60 and 80", "标签含vip且评分介于60到80", "AB" },
    { "name between 李四 and 李四", "客户介于李四与李四", "D" },
    { "name between 郑和 and 王至诚", "客户 介于 郑和 与 王至诚", "" },
    { "name between 王至诚 and 张和李 and name is empty", "客户 介于 王至诚 到 “张和李” 且 客户 为空", "" },
    { "name = \"李四或\" or name = 李四", "客户=“李四或”或客户=李四", "D" },
    { "name in (张和李, 郑和, 且末, 李四)", "客户 属于（“张和李”、郑和、且末、李四）", "D" },
    { "name = 王和平 or name contains 三", "客户 = 王和平 或 客户 包含 三", "AB" },
    { "region = 呼和浩特 or name contains 三", "区域=呼和浩特或客户包含三", "AB" },
    { "name = 郑和 or name contains 三", "客户=郑和或客户包含三", "AB" },
};
CHECK(conditions_without_blanks, runs)

/* What may be one text or several is none of them. */
static const struct doubtful doubts[] = {
    { "客户包含张或李", "张或李", "5", "客户包含 张 或 客户包含 李" },
    { "客户 包含 张或李", "张或李", "7", "客户 包含 张 或 客户 包含 李" },
    { "客户 包含 张且李", "张且李", "7", "客户 包含 张 且 客户 包含 李" },
    { "客户 包含 张或者李或王", "张或者李或王", "7", "客户 包含 张 或 客户 包含 李 或 客户 包含 王" },
    { "客户 包含 zhang或li", "zhang或li", "7", "客户 包含 zhang 或 客户 包含 li" },
    { "区域 = 上海以及北京", "上海以及北京", "6", "区域 = 上海 或 区域 = 北京" },
    { "客户 = 李或", "李或", "6", "客户 = 李 或 …" },
    { "客户 = 李或 且 评分 > 60", "李或", "6", "客户 = 李 或 …" },
    { "客户 包含 张或评分高", "张或评分高", "7", "客户 包含 张 或 客户 包含 评分高" },
    { "评分 > 60 或 客户包含张或李", "张或李", "15", "客户包含 张 或 客户包含 李" },
    { "客户 属于 (张或李)", "张或李", "8", "张, 李" },
    { "阶段 = 新线索或已联系", "新线索或已联系", "6", "阶段 = 新线索 或 阶段 = 已联系" },
    { "归属人 = 我或501", "我或501", "7", "归属人 = 我 或 归属人 = 501" },
    { "标签 含 vip或贵宾", "vip或贵宾", "6", "标签 含 vip 或 标签 含 贵宾" },
    { "意向 = 高或中", "高或中", "6", "意向 = 高 或 意向 = 中" },
    { "意向 属于 (高或中)", "高或中", "8", "高, 中" },
    { "评分 > 60或80", "60或80", "6", "评分 > 60 或 评分 > 80" },
    { "评分 = 60至80", "60至80", "6", "评分 = 60 或 评分 = 80" },
    { "任一 跟进 (备注 包含 涨或跌)", "涨或跌", "14", "备注 包含 涨 或 备注 包含 跌" },
};

static void what_may_be_several_is_refused(void **state)
{
    struct bank *k = *state;
    bank_as(k, "900");
    struct lang_env env = env_of(k);
    int bad = 0;
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
        const struct doubtful *d = &doubts[i];
        struct cond *c;
        const char *want = bank_text(k, "cond.linked %s %s %s", d->word, d->column, d->how);
        const char *got = lang_parse(&k->arena, d->text, &env, &c, &k->e) == ST_OK ? "taken" :
                          bank_text(k, "%s %s %s %s", k->e.code, k->e.param[0], k->e.param[1], k->e.param[2]);
        bad += differs("says", d->text, got, want);
        /* the way out is one, where it is whole and another field's words stand in it */
        if (!strstr(d->how, "…") && strchr(d->text, ' ') && d->text[strlen(d->text) - 1] != ')' &&
            strncmp(printed(k, &env, d->how, "en"), "refused", 7) == 0)
            bad += differs("can't be written", d->how, printed(k, &env, d->how, "en"), "");
    }
    assert_int_equal(bad, 0);
}

static void me_and_my_branch_of_staff(void **state)
{
    struct bank *k = *state;
    bank_as(k, "501");
    check_all(k, staff, sizeof staff / sizeof *staff);
}

/* ---- draws -------------------------------------------------------------------------------------------- */

/* A lead is drawn by its person, or by itself where it has none. */
static int64_t bucket_of(struct bank *k, char letter, const char *draw)
{
    return lang_bucket(
        bank_sql_int(
            k, bank_text(k, "select coalesce(person_id, id) from lead where external_id = '%c'",
                         letter)),
        draw);
}

static void random_buckets_split_the_leads(void **state)
{
    static const struct { const char *share; int64_t below; } shares[] = {
        { "0%", 0 }, { "12.5%", 1250 }, { "50%", 5000 }, { "99.99%", 9999 }, { "100%", 10000 },
    };
    struct bank *k = *state;
    bank_as(k, "900");
    struct lang_env env = env_of(k);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        char under[sizeof ALPHABET] = "", *w = under;
        for (const char *p = ALPHABET; *p; p++)
            if (bucket_of(k, *p, "spring") < shares[i].below)
                *w++ = *p;
        *w = '\0';
        const char *from = bank_text(k, "!%s", under);
        struct sentence below = { bank_text(k, "bucket(\"spring\") < %s", shares[i].share),
                                  bank_text(k, "分桶(\"spring\") < %s", shares[i].share), under },
                        above = { bank_text(k, "bucket(\"spring\") >= %s", shares[i].share),
                                  bank_text(k, "分桶（“spring”） >= %s", shares[i].share), from };
        assert_int_equal(check(k, &env, &below) + check(k, &env, &above), 0);
    }
    assert_string_not_equal(alphabet_find(k, "bucket(\"spring\") < 50%"),
                            alphabet_find(k, "bucket(\"autumn\") < 50%"));
}

/* ---- words of the bank -------------------------------------------------------------------------------- */

/* A stage and a tag are also found by the names that they are shown with, which stay in the sentence. */
static void shown_names_find_the_same(void **state)
{
    struct bank *k = *state;
    bank_as(k, "900");
    assert_string_equal(alphabet_find(k, "阶段 = 新线索"), alphabet_find(k, "stage = new"));
    assert_string_equal(alphabet_find(k, "标签含贵宾"), "ABI");
    assert_string_equal(alphabet_find(k, "来源 = 展会"), "FIL");
    assert_string_equal(alphabet_find(k, "公海.机构 = HQ and 阶段 = 新线索"), "CGHMPSTU");
}

static void there_are_a_hundred(void **state)
{
    (void)state;
    size_t n = sizeof words + sizeof choices + sizeof numbers + sizeof times + sizeof windows +
               sizeof references + sizeof mine + sizeof staff + sizeof lists + sizeof deeds +
               sizeof changes + sizeof whole;
    assert_true(n / sizeof *words >= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_patterns),
        cmocka_unit_test(conditions_without_blanks),
        cmocka_unit_test(what_may_be_several_is_refused),
        cmocka_unit_test(choices_flags_and_secrets),
        cmocka_unit_test(numbers_money_and_custom_fields),
        cmocka_unit_test(days_and_moments),
        cmocka_unit_test(windows_and_spans),
        cmocka_unit_test(references_and_what_stands_behind_them),
        cmocka_unit_test(me_and_my_branch),
        cmocka_unit_test(me_and_my_branch_of_staff),
        cmocka_unit_test(follow_ups_deals_tasks_consents),
        cmocka_unit_test(how_often),
        cmocka_unit_test(what_was_changed),
        cmocka_unit_test(whole_sentences),
        cmocka_unit_test(random_buckets_split_the_leads),
        cmocka_unit_test(shown_names_find_the_same),
        cmocka_unit_test(there_are_a_hundred),
    };
    return cmocka_run_group_tests(tests, alphabet_setup, bank_teardown);
}
