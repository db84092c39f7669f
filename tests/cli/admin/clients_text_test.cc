#include "cli/admin/clients_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace seedfed {
namespace {

v1::ListClientsResponse Example() {
  v1::ListClientsResponse response;
  v1::Client& trainer = *response.add_clients();
  trainer.set_id("hospital-17.example.org");
  trainer.set_role("trainer");
  trainer.set_software("seedfed-client 1.2.0");
  trainer.set_live(true);
  trainer.set_seen(0.4);
  trainer.set_rounds(1'200);
  trainer.set_late(3);
  trainer.set_examples(2'400'000);
  trainer.set_bytes_up(4'857'600);
  trainer.set_last_round(1'203);
  trainer.set_last_loss(0.41234);
  v1::Client& evaluator = *response.add_clients();
  evaluator.set_id("judge");
  evaluator.set_role("evaluator");
  response.set_total(2);
  return response;
}

TEST(ClientsText, WideScreen_EveryColumn) {
  EXPECT_EQ(
      ClientsText(Example(), 200),
      R"(id                       role       live  heard of  rounds  late  refused   last    loss   examples  bytes up  software
hospital-17.example.org  trainer    yes    0 s ago   1,200     3        0  1,203  0.4123  2,400,000   4.86 MB  seedfed-client 1.2.0
judge                    evaluator  no       never       0     0        0      -       -          0       0 B
)");
}

TEST(ClientsText, NarrowScreen_LeavesOutWhatMattersLess) {
  EXPECT_EQ(ClientsText(Example(), 80),
            R"(id                       live  heard of  rounds  late  refused   last    loss
hospital-17.example.org  yes    0 s ago   1,200     3        0  1,203  0.4123
judge                    no       never       0     0        0      -       -
)");
}

TEST(ClientsText, VeryNarrowScreen_CutsIds) {
  EXPECT_EQ(ClientsText(Example(), 57),
            R"(id                  live  heard of  rounds  late  refused
hospital-17.exam..  yes    0 s ago   1,200     3        0
judge               no       never       0     0        0
)");
  EXPECT_EQ(ClientsText(Example(), 10).substr(0, 60).find("hospit.."), 48U);
}

}  // namespace
}  // namespace seedfed
