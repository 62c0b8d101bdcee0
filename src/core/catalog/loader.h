// Builds a Catalog out of its documents, or says what is wrong with them.
#pragma once

#include <map>
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
  // What a request may ask for: a list of models with capabilities, or a document of offers.
  void read_models_of(const Cursor& root, Profile& profile);
  // Rules across documents: names are unique and refer to something that exists.
  void check_references();
  void check_models();
  void check_offers(const Profile& profile);
  void check_profiles();
  void add_name(const Cursor& at, const std::string& name);
  std::string camera_refusal() const;

  Catalog catalog_;
  Problem problem_;
  std::vector<std::string> names_;  // of models and their aliases
  // By name of the document, and which of them each profile takes; profiles come in any order.
  std::map<std::string, std::vector<Offer>> offers_;
  std::map<std::string, std::string> offers_of_profile_;
};

}  // namespace rushes::catalog
