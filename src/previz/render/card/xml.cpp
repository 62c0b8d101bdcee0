#include "previz/render/card/xml.h"

#include <cstddef>

namespace rushes::previz::card {
namespace {

constexpr int kDepthMax = 64;
constexpr int kElementsMax = 20'000;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == ':' || c == '.';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Siblings up to the end tag of `parent` (up to the end of the text at depth 0).
  Result<std::vector<Element>> siblings(std::string_view parent, int depth) {
    if (depth > kDepthMax) return fail(ErrorCode::kCorrupt, "svg: nested too deeply");
    std::vector<Element> found;
    for (;;) {
      at_ = text_.find('<', at_);
      if (at_ == std::string_view::npos) {
        if (depth > 0) return fail(ErrorCode::kCorrupt, "svg: an element is not closed");
        return found;
      }
      if (skip("<!--", "-->") || skip("<?", "?>") || skip("<!", ">")) continue;
      if (starts("</")) {
        at_ += 2;
        if (depth == 0 || name() != parent) {
          return fail(ErrorCode::kCorrupt, "svg: an end tag does not match");
        }
        at_ = text_.find('>', at_);
        if (at_ == std::string_view::npos) return fail(ErrorCode::kCorrupt, "svg: cut short");
        ++at_;
        return found;
      }
      TRY(Element element, this->element(depth));
      found.push_back(std::move(element));
    }
  }

 private:
  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  // Steps over a construct that draws nothing.
  bool skip(std::string_view open, std::string_view close) {
    if (!starts(open)) return false;
    const size_t end = text_.find(close, at_ + open.size());
    at_ = end == std::string_view::npos ? text_.size() : end + close.size();
    return true;
  }

  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  std::string_view name() {
    const size_t from = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }

  Result<Element> element(int depth) {
    if (++count_ > kElementsMax) return fail(ErrorCode::kCorrupt, "svg: too many elements");
    ++at_;  // '<'
    Element element;
    element.name = name();
    if (element.name.empty()) return fail(ErrorCode::kCorrupt, "svg: a tag has no name");
    for (;;) {
      skip_spaces();
      if (starts("/>")) {
        at_ += 2;
        return element;
      }
      if (starts(">")) {
        ++at_;
        TRY(element.children, siblings(element.name, depth + 1));
        return element;
      }
      TRY_VOID(attribute(element));
    }
  }

  Result<void> attribute(Element& element) {
    const std::string_view key = name();
    skip_spaces();
    if (key.empty() || !starts("=")) return fail(ErrorCode::kCorrupt, "svg: bad attribute");
    ++at_;
    skip_spaces();
    if (at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) {
      return fail(ErrorCode::kCorrupt, "svg: an attribute has no quotes");
    }
    const size_t end = text_.find(text_[at_], at_ + 1);
    if (end == std::string_view::npos) return fail(ErrorCode::kCorrupt, "svg: cut short");
    element.attributes.emplace_back(key, text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return {};
  }

  std::string_view text_;
  size_t at_ = 0;
  int count_ = 0;
};

}  // namespace

std::string_view Element::get(std::string_view attribute) const {
  for (const auto& [key, value] : attributes) {
    if (key == attribute) return value;
  }
  return {};
}

Result<std::vector<Element>> parse_xml(std::string_view text) {
  return Reader(text).siblings({}, 0);
}

}  // namespace rushes::previz::card
