#include "tests/simulation/seeded_bugs.hpp"

#include "events/error.hpp"

namespace sonicmatch::tests::simulation {

namespace {

using projections::read_model_store;

/// Passes everything on; the base of producers with a bug.
class lying_producer : public ports::log_producer {
public:
  lying_producer(cluster& where, std::shared_ptr<ports::log_producer> honest)
    : cluster_(where)
    , honest_(std::move(honest)) {}

protected:
  cluster& cluster_;
  std::shared_ptr<ports::log_producer> honest_;
};

bool is_claim(const ports::new_record& record) {
  for (const auto& [name, value] : record.headers)
    if (name == events::headers::type)
      return value == events::partition::partition_claimed::type_name;
  return false;
}

class hasty_producer final : public lying_producer {
public:
  using lying_producer::lying_producer;
  void append(ports::new_record record, delivered on_delivery) override {
    if (is_claim(record)) // a claim's offset cannot be made up
      return honest_->append(std::move(record), std::move(on_delivery));
    log_position likely{record.partition, cluster_.log.end_of(record.topic, record.partition)};
    honest_->append(std::move(record), [](const caf::expected<log_position>&) {});
    on_delivery(likely);
  }
};

class claim_forger final : public lying_producer {
public:
  using lying_producer::lying_producer;
  void append(ports::new_record record, delivered on_delivery) override {
    auto fold = fold_newest_claim(record);
    for (auto& [name, value] : record.headers)
      if (name == events::headers::claim && fold) {
        auto old = "\"claim\":\"" + value + "\"";
        value = to_string(*fold);
        if (auto at = record.value.find(old); at != std::string::npos)
          record.value.replace(at, old.size(), "\"claim\":\"" + value + "\"");
      }
    honest_->append(std::move(record), std::move(on_delivery));
  }

private:
  [[nodiscard]] std::optional<log_offset> fold_newest_claim(const ports::new_record& record) const {
    std::optional<log_offset> out;
    for (const auto& each : cluster_.log.records(record.topic, record.partition))
      if (each.header_value(events::headers::type) == events::partition::partition_claimed::type_name)
        out = each.offset;
    return out;
  }
};

class letter_dropper final : public lying_producer {
public:
  using lying_producer::lying_producer;
  void append(ports::new_record record, delivered on_delivery) override {
    if (record.topic == events::topics::dead_letters)
      return on_delivery(log_position{});
    honest_->append(std::move(record), std::move(on_delivery));
  }
};

class feedback_dropper final : public lying_producer {
public:
  using lying_producer::lying_producer;
  void append(ports::new_record record, delivered on_delivery) override {
    auto is_feedback = std::any_of(record.headers.begin(), record.headers.end(), [](const auto& each) {
      return each.first == events::headers::type
             && events::is_of<events::feedback::feedback_recorded>(each.second);
    });
    if (is_feedback)
      return on_delivery(log_position{record.partition, cluster_.log.end_of(record.topic, record.partition)});
    honest_->append(std::move(record), std::move(on_delivery));
  }
};

/// A command has another request's hash than it was sent with.
class hash_loser final : public lying_producer {
public:
  using lying_producer::lying_producer;
  void append(ports::new_record record, delivered on_delivery) override {
    for (auto& [name, value] : record.headers)
      if (name == events::headers::request_hash) {
        auto at = record.value.find(value);
        value.assign(value.size(), '0');
        if (at != std::string::npos)
          record.value.replace(at, value.size(), value);
      }
    honest_->append(std::move(record), std::move(on_delivery));
  }
};

/// A reply is recorded for a call that nobody has made.
class reply_misfiler final : public lying_producer {
public:
  using lying_producer::lying_producer;
  void append(ports::new_record record, delivered on_delivery) override {
    constexpr std::string_view mark = R"("call_id":")";
    auto is_reply = std::any_of(record.headers.begin(), record.headers.end(), [](const auto& each) {
      return each.first == events::headers::type && each.second.find("reply_recorded") != std::string::npos;
    });
    if (auto at = record.value.find(mark); is_reply && at != std::string::npos) {
      auto& digit = record.value[at + mark.size()];
      digit = digit == '0' ? '1' : '0';
    }
    honest_->append(std::move(record), std::move(on_delivery));
  }
};

/// Commits each batch as it is given out.
class hasty_membership final : public ports::group_membership {
public:
  explicit hasty_membership(std::shared_ptr<ports::group_membership> honest)
    : honest_(std::move(honest)) {}

  [[nodiscard]] std::unique_ptr<ports::group_consumer>
  join(const std::string& group, const std::string& topic, ports::group_consumer::sink out) override {
    auto place = std::make_shared<ports::group_consumer*>(nullptr);
    out.on_batch = [place, pass_on = std::move(out.on_batch)](const ports::batch_ptr& batch) {
      if (*place)
        for (const auto& record : batch->records)
          (*place)->commit(record.partition, record.offset.next(), {});
      pass_on(batch);
    };
    auto joined = honest_->join(group, topic, std::move(out));
    *place = joined.get();
    return joined;
  }

private:
  std::shared_ptr<ports::group_membership> honest_;
};

class careless_store : public read_model_store {
public:
  careless_store(cluster& where, std::unique_ptr<read_model_store> honest,
                 std::shared_ptr<const simulated_host> host)
    : cluster_(where)
    , honest_(std::move(honest))
    , host_(std::move(host)) {}

  caf::expected<projections::stored_progress> load(std::string_view projection) override {
    return honest_->load(projection);
  }

protected:
  cluster& cluster_;
  std::unique_ptr<read_model_store> honest_;
  std::shared_ptr<const simulated_host> host_;
};

class overwriting_store final : public careless_store {
public:
  using careless_store::careless_store;
  caf::error apply(const projections::changes& batch) override {
    auto forced = batch;
    for (auto& step : forced.advances) {
      auto kept = cluster_.tables->checkpoints.find({batch.projection, step.to.partition});
      step.from =
        kept == cluster_.tables->checkpoints.end() ? std::nullopt : std::optional{kept->second.next};
    }
    std::visit([this](const auto& rows) { forget(rows); }, forced.rows);
    return honest_->apply(forced);
  }

private:
  /// So that whatever comes is taken for new.
  void forget(const std::vector<projections::sessions::session_row>& rows) {
    for (const auto& row : rows)
      cluster_.tables->sessions.erase(row.id);
  }
  void forget(const std::vector<projections::matches::session_matches>& rows) {
    for (const auto& row : rows)
      cluster_.tables->matches.erase(row.session);
  }
  void forget(const std::vector<projections::explanations::explanation_row>& rows) {
    for (const auto& row : rows)
      cluster_.tables->explanations.erase({row.session, row.headphone});
  }
  void forget(const std::vector<projections::feedback::feedback_row>& rows) {
    for (const auto& row : rows)
      cluster_.tables->feedback.erase(row.id);
  }
  void forget(const std::vector<projections::language_model_calls::call_row>& rows) {
    for (const auto& row : rows)
      cluster_.tables->language_model_calls.erase(row.id);
  }
  void forget(const std::vector<projections::headphones::headphone_row>& rows) {
    for (const auto& row : rows)
      cluster_.tables->headphones.erase(row.id);
  }
};

class unforgetting_store final : public careless_store {
public:
  using careless_store::careless_store;
  caf::error apply(const projections::changes& batch) override {
    auto without = batch;
    without.erased.clear();
    return honest_->apply(without);
  }
};

class two_step_store final : public careless_store {
public:
  using careless_store::careless_store;
  caf::error apply(const projections::changes& batch) override {
    auto checkpoint_alone = batch;
    std::visit([](auto& rows) { rows.clear(); }, checkpoint_alone.rows);
    if (auto error = honest_->apply(checkpoint_alone))
      return error;
    auto rows_alone = batch;
    rows_alone.advances.clear();
    return honest_->apply(rows_alone);
  }
};

template <class Producer>
port_wrappers with_producer() {
  port_wrappers out;
  out.producer = [](cluster& where, std::shared_ptr<ports::log_producer> honest) {
    return std::make_shared<Producer>(where, std::move(honest));
  };
  return out;
}

template <class Store>
port_wrappers with_store() {
  port_wrappers out;
  out.store = [](cluster& where, std::unique_ptr<read_model_store> honest,
                 std::shared_ptr<const simulated_host> host) -> std::unique_ptr<read_model_store> {
    return std::make_unique<Store>(where, std::move(honest), std::move(host));
  };
  return out;
}

void with_rivals(scenario& plan) {
  plan.processes = 2;
  plan.session_timeout = std::chrono::milliseconds{1'000};
  plan.expulsions = 6;
  plan.stalls = 6;
}

} // namespace

seeded_bug delivery_told_too_early() {
  return {"a delivery that is told before the append happened", {}, with_producer<hasty_producer>()};
}

seeded_bug commands_committed_too_early() {
  seeded_bug out{"commands that are committed before they are done", {}, {}};
  out.wrappers.membership = [](cluster&, std::shared_ptr<ports::group_membership> honest) {
    return std::make_shared<hasty_membership>(std::move(honest));
  };
  return out;
}

seeded_bug claims_ignored() {
  return {"claims that are ignored", with_rivals, with_producer<claim_forger>()};
}

seeded_bug no_conflict_clause() {
  return {"a store without version check and conflict clause", with_rivals, with_store<overwriting_store>()};
}

seeded_bug rows_after_the_checkpoint() {
  return {"rows that are stored after their checkpoint", {}, with_store<two_step_store>()};
}

seeded_bug dead_letters_dropped() {
  return {"dead letters that are dropped", [](scenario& plan) { plan.garbage = 2; },
          with_producer<letter_dropper>()};
}

seeded_bug erasures_forgotten() {
  return {"erasures that a projection does not note", [](scenario& plan) { plan.erasures = 4; },
          with_store<unforgetting_store>()};
}

seeded_bug feedback_dropped() {
  return {"feedback that is dropped", {}, with_producer<feedback_dropper>()};
}

seeded_bug secrets_that_differ() {
  seeded_bug out{"secrets that differ from process to process",
                 [](scenario& plan) {
                   plan.processes = 2;
                   plan.keyed = 20;
                 },
                 {}};
  out.wrappers.secret = [](const simulated_host& of) { return of.name; };
  return out;
}

seeded_bug request_hashes_lost() {
  return {"hashes of requests that get lost", [](scenario& plan) { plan.keyed = 20; },
          with_producer<hash_loser>()};
}

seeded_bug replies_misfiled() {
  return {"replies that are recorded for calls that nobody has made",
          [](scenario& plan) { plan.settings.asks_model = true; }, with_producer<reply_misfiler>()};
}

} // namespace sonicmatch::tests::simulation
