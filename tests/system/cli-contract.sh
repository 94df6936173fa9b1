#!/bin/sh
# The examples of the contract, as typed, on the real files; the answers are those of the contract.
set -u
. "$ROOT/tests/system/cli-cases.inc"
if [ -z "$SHARED" ]; then
    echo "skip contract-examples the real files are not here"
    exit 0
fi
cp "$SHARED/data/olist/"*.csv .
run init --test
run import leads olist_marketing_qualified_leads_dataset.csv --map external_id=mql_id,created_at=first_contact_date,channel=origin,attr.landing_page=landing_page_id --create-missing
check olist-leads is "rows 8000  created 8000  updated 0  skipped 0  rejected 0"
run import deals olist_closed_deals_first_contact_to_2018-01.csv --map lead=mql_id,won_at=won_date,owner=sr_id,amount=declared_monthly_revenue,attr.sdr=sdr_id,attr.segment=business_segment --create-missing --json
check olist-deals prints '"rows":213,"created":213,"updated":0,"skipped":0,"rejected":0'
run count leads
check olist-count is 8000
run count leads --where 'channel is empty'
check olist-no-channel is 60
run count leads --where 'stage = won'
check olist-won is 213
run count leads --where 'stage = won and channel = organic_search'
check olist-won-organic is 79
run list leads --where 'stage = won' --columns amount --format csv
check olist-amounts test "$(awk 'NR > 1 { s += $1; z += $1 == 0 } END { printf "%.0f %d", s * 100, z }' out.txt)" = "157000600 197"
run import leads olist_marketing_qualified_leads_dataset.csv --map external_id=mql_id
check same-file-again refused 1 "--again"
run import leads olist_marketing_qualified_leads_dataset.csv --map external_id=mql_id --again
check again-skips is "rows 8000  created 0  updated 0  skipped 8000  rejected 0"

db=$PWD/u.db
file=$SHARED/data/uci_bank/bank-additional-rows-1-30000.csv
[ -e "$file" ] || file=$(find "$SHARED/data" -name bank-additional-rows-1-30000.csv | head -1)
run init --test
run import leads "$file" --map attr.age:number=age,attr.job=job,attr.contact=contact,attr.month=month,attr.poutcome=poutcome,attr.contacts:number=campaign,attr.y=y --create-missing
check bank-leads is "rows 30000  created 30000  updated 0  skipped 0  rejected 0"
run count leads
check bank-count is 30000
run count leads --where 'attr.y = yes'
check bank-yes is 1716
run count leads --where 'attr.y = yes and attr.contact = cellular'
check bank-yes-cellular is 1152
run doctor
check clean-afterwards test "$rc" = 0
exit $failed
