#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/contract/alphabet.h"

#include <string.h>

#include "base/json.h"
#include "core/model/nouns.h"
#include "core/noun/query.h"

struct step { const char *at, *login, *op, *json; };

#define LEAD(at, json) { at, NULL, "lead.create", json }

/* In the order of time. */
static const struct step steps[] = {
    { "2026-12-01 09:00", NULL, "branch.create", "{'code':'E','name':'华东','parent':'HQ','level':'branch'}" },
    { "2026-12-01 09:00", NULL, "branch.create",
      "{'code':'E1','name':'上海网点','parent':'E','level':'outlet'}" },
    { "2026-12-01 09:00", NULL, "branch.create",
      "{'code':'E2','name':'杭州网点','parent':'E','level':'outlet'}" },
    { "2026-12-01 09:00", NULL, "employee.create", "{'code':'501','name':'张伟','branch':'E1'}" },
    { "2026-12-01 09:00", NULL, "employee.create", "{'code':'502','name':'李娜','branch':'E1'}" },
    { "2026-12-01 09:00", NULL, "employee.create", "{'code':'503','name':'王芳','branch':'E2'}" },
    { "2026-12-01 09:00", NULL, "employee.create", "{'code':'900','name':'陈晨','branch':'E'}" },
    { "2026-12-01 09:00", NULL, "account.create", "{'code':'501','employee':'501','roles':'staff'}" },
    { "2026-12-01 09:00", NULL, "account.create", "{'code':'502','employee':'502','roles':'staff'}" },
    { "2026-12-01 09:00", NULL, "account.create", "{'code':'503','employee':'503','roles':'staff'}" },
    { "2026-12-01 09:00", NULL, "account.create", "{'code':'900','employee':'900','roles':'head_office'}" },
    { "2026-12-01 09:00", NULL, "channel.create", "{'code':'app','name':'手机银行','kind':'online'}" },
    { "2026-12-01 09:00", NULL, "channel.create", "{'code':'fair','name':'展会','kind':'offline'}" },
    { "2026-12-01 09:00", NULL, "tag.create", "{'code':'vip','name':'贵宾'}" },
    { "2026-12-01 09:00", NULL, "tag.create", "{'code':'old','name':'老客户'}" },
    { "2026-12-01 09:00", NULL, "tag.create", "{'code':'cold','name':'冷'}" },
    { "2026-12-01 09:00", NULL, "custom_field.create",
      "{'noun':'lead','code':'job','name':'职业','type':'text'}" },
    { "2026-12-01 09:00", NULL, "custom_field.create",
      "{'noun':'lead','code':'income','name':'年收入','type':'number'}" },
    { "2026-12-01 09:00", NULL, "custom_field.create",
      "{'noun':'lead','code':'since','name':'开户日','type':'date'}" },
    { "2026-12-01 09:00", NULL, "custom_field.create",
      "{'noun':'lead','code':'tier','name':'等级','type':'choice','choices':'gold,silver,bronze'}" },
    { "2026-12-01 09:00", NULL, "custom_field.create",
      "{'noun':'lead','code':'payroll','name':'代发','type':'flag'}" },

    LEAD("2026-12-31 23:59:59.999",
         "{'external_id':'A','name':'张三','phone':'13800000001','email':'a@example.com','branch':'E1',"
         "'product':'card','channel':'web','intent':'high','gender':'m','region':'上海','score':80,"
         "'owner':'501','tags':['vip'],'birthday':'1990-05-19','source_detail':'网点活动 5%',"
         "'attr.job':'教师','attr.income':120000,'attr.since':'2020-01-01','attr.tier':'gold',"
         "'attr.payroll':true}"),
    LEAD("2027-01-01 00:00",
         "{'external_id':'B','name':'张三丰','phone':'13800000002','branch':'E1','product':'loan',"
         "'channel':'web','intent':'mid','gender':'m','region':'上海','score':60,'owner':'501',"
         "'tags':['vip','old'],'birthday':'1985-12-31','source_detail':'a_b','attr.job':'Teacher',"
         "'attr.income':99999.5,'attr.since':'2020-01-02','attr.tier':'silver','attr.payroll':false,"
         "'consent':[{'way':'sms','state':'granted'}]}"),
    LEAD("2027-02-10 12:00", "{'external_id':'C','phone':'13800000003','branch':'HQ'}"),
    LEAD("2027-03-31 23:59:59.999",
         "{'external_id':'D','name':'李四','branch':'E2','product':'card','channel':'app',"
         "'intent':'low','gender':'f','region':'杭州','score':79,'owner':'503','tags':['old'],"
         "'birthday':'1990-05-20','source_detail':'axb','attr.job':'ＴＥＡＣＨＥＲ','attr.income':0,"
         "'attr.since':'2027-05-19','attr.tier':'gold','attr.payroll':true}"),
    LEAD("2027-04-01 00:00",
         "{'external_id':'E','name':'王五','branch':'E2','product':'loan','channel':'app',"
         "'intent':'mid','gender':'f','region':'杭州','score':61,'owner':'503','tags':['cold'],"
         "'birthday':'2000-01-01','attr.job':'教师助理','attr.income':-5.25,'attr.since':'2027-05-18',"
         "'attr.tier':'bronze'}"),
    { "2027-04-18 09:00", "501", "lead.follow_up", "{'lead':'A','result':'no_answer'}" },
    { "2027-04-19 09:59", "503", "lead.follow_up", "{'lead':'E','result':'refuses_marketing'}" },
    LEAD("2027-04-19 09:59:59.999",
         "{'external_id':'F','name':'欧阳锋','branch':'E1','product':'card','channel':'fair',"
         "'intent':'high','gender':'m','region':'上海','score':59,'owner':'502','attr.income':0.15}"),
    LEAD("2027-04-19 10:00",
         "{'external_id':'G','name':'Zhang San','branch':'E1','product':'card','channel':'web',"
         "'region':'Shanghai','score':81,'consent':[{'way':'phone','state':'granted'},{'way':'sms',"
         "'state':'refused'}]}"),
    { "2027-04-19 10:00", "501", "lead.follow_up", "{'lead':'B','result':'no_answer'}" },
    LEAD("2027-04-30 23:59:59.999",
         "{'external_id':'H','name':'ＡＢＣ公司','branch':'N1','product':'loan','channel':'web',"
         "'intent':'low','region':'天津','score':0,'consent':[{'way':'sms','state':'withdrawn'}]}"),
    LEAD("2027-05-01 00:00",
         "{'external_id':'I','name':'abc Ltd.','branch':'N1','product':'loan','channel':'fair',"
         "'intent':'mid','region':'北京','score':100,'owner':'101','tags':['vip']}"),
    { "2027-05-09 09:00", "503", "lead.follow_up", "{'lead':'D','result':'reached','way':'counter'}" },
    { "2027-05-10 09:00", "501", "lead.follow_up", "{'lead':'A','result':'reached','note':'约周五'}" },
    { "2027-05-10 10:00", "503", "lead.win", "{'lead':'D','amount':2999999}" },
    { "2027-05-12 09:59", "501", "lead.stage", "{'lead':'B','stage':'nurturing'}" },
    LEAD("2027-05-12 09:59:59.999",
         "{'external_id':'J','name':'赵六','branch':'E2','product':'card','channel':'app',"
         "'intent':'high','region':'SHANGHAI','owner':'503'}"),
    LEAD("2027-05-12 10:00",
         "{'external_id':'K','name':'孙%七','branch':'E2','product':'loan','region':'shanghai pudong',"
         "'score':50,'owner':'503'}"),
    { "2027-05-12 10:00", "503", "lead.stage", "{'lead':'E','stage':'mql'}" },
    { "2027-05-12 10:00", NULL, "lead.change", "{'region':'北京'}" },            /* H: see with_id() */
    { "2027-05-13 09:00", "503", "lead.win", "{'lead':'J','amount':3000000}" },
    LEAD("2027-05-14 09:59:59.999",
         "{'external_id':'L','name':'周_八','branch':'E1','product':'card','channel':'fair',"
         "'intent':'low','score':50,'owner':'501'}"),
    { "2027-05-14 09:59:59.999", "502", "lead.follow_up", "{'lead':'F','result':'busy'}" },
    LEAD("2027-05-14 10:00", "{'external_id':'M','name':'吴*九','branch':'E2'}"),
    { "2027-05-14 10:00", "501", "lead.follow_up", "{'lead':'B','result':'no_answer'}" },
    { "2027-05-15 08:00", "501", "lead.stage", "{'lead':'A','stage':'opportunity'}" },
    LEAD("2027-05-15 12:00",
         "{'external_id':'N','name':'郑十','branch':'E1','product':'card','channel':'web','score':70,"
         "'owner':'501'}"),
    { "2027-05-15 12:00", "101", "lead.follow_up", "{'lead':'I','result':'not_interested','way':'visit'}" },
    LEAD("2027-05-16 23:59:59.999",
         "{'external_id':'O','name':'王小明','branch':'E2','product':'loan','score':70,'owner':'503'}"),
    LEAD("2027-05-17 00:00", "{'external_id':'P','name':'王大明','branch':'E'}"),
    { "2027-05-17 09:00", "501", "task.create",
      "{'lead':'A','subject':'送资料','due_at':'2027-05-20T12:00:00+08:00'}" },
    { "2027-05-17 09:00", "501", "task.create",
      "{'lead':'B','subject':'回电','due_at':'2027-05-18T09:00:00+08:00','state':'done'}" },
    LEAD("2027-05-17 23:59:59.999",
         "{'external_id':'Q','name':'陈 O\\u0027Neil','branch':'E1','channel':'web','score':10}"),
    LEAD("2027-05-18 00:00",
         "{'external_id':'R','name':'林\\\"引号\\\"','branch':'E2','channel':'app','score':20}"),
    { "2027-05-18 09:00", "501", "lead.follow_up", "{'lead':'A','result':'interested','way':'wechat'}" },
    { "2027-05-18 10:00", "501", "lead.follow_up",
      "{'lead':'N','result':'appointment','next_at':'2027-05-20T10:00:00+08:00'}" },
    { "2027-05-18 12:00", "501", "lead.claim", "{'lead':'Q'}" },
    { "2027-05-18 15:00", "503", "lead.win", "{'lead':'K','amount':15000000000}" },
    { "2027-05-18 16:00", "501", "lead.lose", "{'lead':'L','reason':'no budget'}" },
    { "2027-05-18 18:00", "900", "lead.assign", "{'lead':'R','employee':'503'}" },
    LEAD("2027-05-18 23:59:59.999",
         "{'external_id':'S','name':'黄\\\\石','branch':'E1','score':30,'owner':'501'}"),
    LEAD("2027-05-19 00:00", "{'external_id':'T','name':'刘备','branch':'E1','score':40}"),
    { "2027-05-19 08:00", "501", "lead.claim", "{'lead':'T'}" },
    { "2027-05-19 08:30", "501", "lead.return", "{'lead':'T','reason':'wrong region'}" },
    { "2027-05-19 09:00", "501", "lead.return", "{'lead':'S','reason':'no answer'}" },
    { "2027-05-19 09:00", "503", "lead.follow_up",
      "{'lead':'O','result':'considering','next_at':'2027-05-20T10:00:01+08:00'}" },
    { "2027-05-19 09:30", NULL, "employee.change", "{'status':'leave'}" },     /* 502: see with_id() */
    LEAD("2027-05-19 10:00", "{'external_id':'U','name':'关羽','branch':'S'}"),
};

/* 'x' is "x": easier on the eye in C. */
static const char *json_of(struct bank *k, const char *text)
{
    char *s = arena_strdup(&k->arena, text);
    for (char *p = s; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    return s;
}

static int64_t moment(const char *text)
{
    int64_t ms;
    bool day;
    if (!clock_parse(text, &ms, &day) || day)
        fail_msg("no moment: %s", text);
    return ms;
}

static const char *with_id(struct bank *k, const struct step *s)
{
    const char *json = json_of(k, s->json);
    bool lead = strcmp(s->op, "lead.change") == 0;
    if (!lead && strcmp(s->op, "employee.change") != 0)
        return json;
    const char *id = bank_sql(k, lead ? "select id from lead where external_id = 'H'"
                                      : "select id from employee where code = '502'");
    return bank_text(k, "{\"id\":\"%s\",%s", id, json + 1);
}

static bool same_login(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

int alphabet_setup(void **state)
{
    if (bank_setup(state))
        return -1;
    struct bank *k = *state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const struct step *s = &steps[i];
        clock_set(moment(s->at));
        if (!same_login(s->login, k->login))
            bank_as(k, s->login);
        bank_do(k, s->op, with_id(k, s));
    }
    assert_true(moment("2027-05-19 10:00") == ALPHABET_NOW);
    clock_set(ALPHABET_NOW);
    bank_as(k, "900");
    return 0;
}

const char *alphabet_find(struct bank *k, const char *where)
{
    const struct op *op = op_find("lead.list");
    struct query *q = record_new(op->in, &k->arena);
    struct page page = { 0 };
    q->where = where;
    q->sort = "external_id";
    struct call call = { .op = op, .in = q };
    if (backend_call(k->b, &call, &k->arena, &page, &k->e))
        return bank_text(k, "refused: %s", k->e.code);
    const struct lead *leads = page.rows.items;
    char *out = arena_alloc(&k->arena, page.rows.n + 1);
    for (size_t i = 0; i < page.rows.n; i++)
        out[i] = leads[i].external_id ? leads[i].external_id[0] : '?';
    out[page.rows.n] = '\0';
    return out;
}
