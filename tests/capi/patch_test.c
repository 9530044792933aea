#include "check.h"

static const char document[] = "{\"a\":1,\"b\":[true]}";

TEST(apply, "a patch gives the new document, and the inputs need no NUL") {
  const char text[] = "{\"a\":1}garbage";
  const char patch[] = "[{\"op\":\"add\",\"path\":\"/b\",\"value\":\"2g\"}]garbage";
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_apply_patch(text, 7, patch, strlen(patch) - 7, &out, &error));
  CHECK(strcmp(jobmedic_buffer_data(out), "{\"a\":1,\"b\":\"2g\"}") == 0);
  CHECK(jobmedic_buffer_size(out) == strlen(jobmedic_buffer_data(out)));
  jobmedic_buffer_free(out);
}

TEST(diff_then_apply, "what diff gives, apply_patch turns into the other document") {
  const char target[] = "{\"a\":2,\"b\":[true,null]}";
  jobmedic_buffer* patch = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_diff(TEXT(document), TEXT(target), &patch, &error));
  CHECK_OK(
      jobmedic_apply_patch(TEXT(document), jobmedic_buffer_data(patch), jobmedic_buffer_size(patch), &out, &error));
  CHECK(strcmp(jobmedic_buffer_data(out), target) == 0);
  jobmedic_buffer_free(patch);
  jobmedic_buffer_free(out);
}

TEST(bad_documents, "a failure has a status, one line and a detail, and *out is NULL") {
  jobmedic_buffer* out = (jobmedic_buffer*)&document;
  jobmedic_error* error = NULL;
  CHECK_FAILURE(jobmedic_apply_patch(TEXT("{\"a\":"), TEXT("[]"), &out, &error), JOBMEDIC_E_PARSE, "", "\"offset\":5");
  CHECK(out == NULL);
  CHECK_FAILURE(jobmedic_apply_patch(TEXT("{}"), TEXT("[1]"), &out, &error), JOBMEDIC_E_SCHEMA, "", "\"pointer\"");
  const char missing[] = "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1},{\"op\":\"remove\",\"path\":\"/zzz\"}]";
  CHECK_FAILURE(jobmedic_apply_patch(TEXT(document), TEXT(missing), &out, &error), JOBMEDIC_E_PATCH, "zzz",
                "\"operation\":1");
  CHECK_FAILURE(jobmedic_diff(TEXT("{}"), TEXT(""), &out, &error), JOBMEDIC_E_PARSE, "", "\"offset\":0");
}

TEST(errors_own_their_text, "an error outlives the call and the inputs it tells of") {
  char* text = strdup("[\"not closed");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status status = jobmedic_apply_patch(TEXT(text), TEXT("[]"), &out, &error);
  free(text);
  CHECK(status == JOBMEDIC_E_PARSE);
  CHECK(strlen(jobmedic_error_message(error)) > 0);
  CHECK(strchr(jobmedic_error_message(error), '\n') == NULL);
  jobmedic_error_free(error);
}

TEST(no_error_wanted, "a caller that does not want the error object passes NULL") {
  jobmedic_buffer* out = NULL;
  CHECK(jobmedic_apply_patch(TEXT("{"), TEXT("[]"), &out, NULL) == JOBMEDIC_E_PARSE);
  CHECK(out == NULL);
}

TEST(success_leaves_error, "success leaves *error alone") {
  jobmedic_error* const before = (jobmedic_error*)&document;
  jobmedic_error* error = before;
  jobmedic_buffer* out = NULL;
  CHECK(jobmedic_diff(TEXT("1"), TEXT("1"), &out, &error) == JOBMEDIC_OK);
  CHECK(error == before);
  jobmedic_buffer_free(out);
}

TEST(patch_misuse, "apply_patch and diff name the argument that is NULL or impossible") {
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_FAILURE(jobmedic_apply_patch(NULL, 0, TEXT("[]"), &out, &error), JOBMEDIC_E_INVALID_ARGUMENT,
                "document: is NULL", "{\"argument\":\"document\"}");
  CHECK_FAILURE(jobmedic_apply_patch(TEXT("{}"), NULL, 2, &out, &error), JOBMEDIC_E_INVALID_ARGUMENT, "patch: is NULL",
                "{\"argument\":\"patch\"}");
  CHECK_FAILURE(jobmedic_apply_patch(TEXT("{}"), TEXT("[]"), NULL, &error), JOBMEDIC_E_INVALID_ARGUMENT, "out: is NULL",
                "{\"argument\":\"out\"}");
  CHECK_FAILURE(jobmedic_apply_patch("{}", SIZE_MAX, TEXT("[]"), &out, &error), JOBMEDIC_E_INVALID_ARGUMENT,
                "document: 18446744073709551615 bytes", NULL);
  CHECK_FAILURE(jobmedic_apply_patch("{}", (size_t)PTRDIFF_MAX + 1, TEXT("[]"), &out, &error),
                JOBMEDIC_E_INVALID_ARGUMENT, "document", NULL);
  CHECK_FAILURE(jobmedic_diff(NULL, 0, TEXT("[]"), &out, &error), JOBMEDIC_E_INVALID_ARGUMENT, "from: is NULL", NULL);
  CHECK_FAILURE(jobmedic_diff(TEXT("{}"), NULL, 0, &out, &error), JOBMEDIC_E_INVALID_ARGUMENT, "to: is NULL", NULL);
  CHECK_FAILURE(jobmedic_diff(TEXT("{}"), TEXT("{}"), NULL, &error), JOBMEDIC_E_INVALID_ARGUMENT, "out: is NULL", NULL);
}
