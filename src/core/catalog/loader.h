// Builds a Catalog out of its documents, or says what is wrong with them.
#pragma once

#include <string>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/catalog/document.h"

namespace rushes::catalog {

class Loader {
 public:
  Result<Catalog> load(const std::vector<Document>& documents);

 private:
  void read(const Document& document);
  void read_resolutions(const Cursor& root);
  void read_profile(const Cursor& root);
  // Rules across documents: names are unique and refer to something that exists.
  void check_references();
  void add_name(const Cursor& at, const std::string& name);
  std::string camera_refusal() const;

  Catalog catalog_;
  Problem problem_;
  std::vector<std::string> names_;  // of models and their aliases
};

}  // namespace rushes::catalog
