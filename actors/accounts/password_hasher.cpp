#include "actors/accounts/password_hasher.hpp"

namespace sonicmatch::actors::accounts {

namespace {

/// What a password is checked against when there is no account: made with today's
/// parameters, so that nobody can tell by the time it takes.
class stand_in {
public:
  explicit stand_in(ports::password_hashing& hashing)
    : hash_(hashing.hash("nobody's password")) {}

  [[nodiscard]] const caf::expected<std::string>& hash() const noexcept {
    return hash_;
  }

private:
  caf::expected<std::string> hash_;
};

password_checked check(ports::password_hashing& hashing, const check_password& asked) {
  auto view = asked.password.view();
  password_checked out{hashing.verify(view, *asked.hash), std::nullopt};
  if (out.matches && *out.matches && hashing.is_outdated(*asked.hash))
    if (auto renewed = hashing.hash(view))
      out.renewed = std::move(*renewed);
  return out;
}

} // namespace

password_hasher::behavior_type password_hasher_actor(password_hasher::pointer,
                                                     std::shared_ptr<ports::password_hashing> hashing) {
  auto nobody = std::make_shared<const stand_in>(*hashing);
  return {
    [hashing](const hash_password& asked) { return password_hashed{hashing->hash(asked.password.view())}; },
    [hashing, nobody](const check_password& asked) {
      if (asked.hash)
        return check(*hashing, asked);
      if (!nobody->hash())
        return password_checked{nobody->hash().error(), std::nullopt};
      auto checked = hashing->verify(asked.password.view(), *nobody->hash());
      return password_checked{checked ? caf::expected<bool>{false} : std::move(checked), std::nullopt};
    },
  };
}

} // namespace sonicmatch::actors::accounts
