import { DiagnosisContext, type DiagnosisSources } from '../diagnosis/context';
import { DETECTORS } from '../diagnosis/registry';
import { DiagnosisRun } from '../diagnosis/run';
import { type DiagnosisProgress, THRESHOLD_NAMES, type Thresholds, thresholdsOf } from '../model/diagnosis';

/** The diagnosis of a capture, made when somebody asks and kept until more packets come or the thresholds change. */
export class Diagnoses {
  private run: DiagnosisRun | null = null;
  private thresholds: Thresholds = thresholdsOf({});
  private frames = 0;

  constructor(private readonly sources: DiagnosisSources) {}

  /** Does the next piece of the diagnosis by these thresholds, some milliseconds of it, and says how far it is. */
  advance(given: Partial<Thresholds>): DiagnosisProgress {
    const { sources } = this;
    const thresholds = thresholdsOf(given);
    const same = THRESHOLD_NAMES.every((name) => thresholds[name] === this.thresholds[name]);
    if (this.run === null || !same || this.frames !== sources.frames.length) {
      this.run = new DiagnosisRun(new DiagnosisContext(sources, thresholds), DETECTORS);
      this.thresholds = thresholds;
      this.frames = sources.frames.length;
    }
    this.run.step();
    return this.run.progress();
  }
}
