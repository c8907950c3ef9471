import { message, required, string } from '#machinery';

/** What `/version` answers (`apimachinery/pkg/version`). */
export class Info extends message('Which version of the API the server is.', {
  major: required(string(0, 'The major version.')),
  minor: required(string(0, 'The minor version.')),
  emulationMajor: string(0, 'The major version that it behaves as.'),
  emulationMinor: string(0, 'The minor version that it behaves as.'),
  minCompatibilityMajor: string(0, 'The oldest major version that it gets along with.'),
  minCompatibilityMinor: string(0, 'The oldest minor version that it gets along with.'),
  gitVersion: required(string(0, 'The version in full.')),
  gitCommit: required(string(0, 'What it was built of.')),
  gitTreeState: required(string(0, 'Whether that had been changed.')),
  buildDate: required(string(0, 'When it was built.')),
  goVersion: required(string(0, 'The version of Go, where it was built of Go.')),
  compiler: required(string(0, 'What it was built with.')),
  platform: required(string(0, 'What it runs on.')),
}) {}
