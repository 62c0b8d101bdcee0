// Previz: from a job to files, without a server. The pipeline prompt -> scene -> shot -> frames ->
// encoder; job.h is the contract of its files.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "previz/job.h"

namespace rushes::previz {

struct RunOptions {
  std::string output_dir;  // exists
  // Called on the calling thread after every rendered frame; frames_done never falls.
  std::function<void(int frames_done, int frame_count)> on_frame;
  // Programs, looked up in PATH.
  std::string encoder = "ffmpeg";
  std::string speaker = "espeak-ng";
};

// Makes the job's files in the output directory: all of them, or none and an error. Finished files
// appear by rename; what is being made has names that begin with a dot, and is removed on errors.
Result<JobResult> run_job(const Job& job, const RunOptions& options);

// The body of `rushes render --job FILE --out DIR`: progress as JSON lines on standard output, the
// reason of a failure as the last line on standard error. Returns the exit code: 0, 1 (failed) or
// 2 (bad job). SIGTERM ends the process at once, and its children with it.
int render_main(const std::string& job_file, const std::string& output_dir);

}  // namespace rushes::previz
