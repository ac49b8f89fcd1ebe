import CommandInterface
import Evaluation

extension Console {
    /// Runs a measurement under a line of progress and prints its result.
    ///
    /// Where a check failed, figures are shown with what is wrong with them; the exit code says that they are worthless.
    func printMeasured(_ label: String, _ measure: (_ progress: (Int, Int) -> Void) throws -> String) throws {
        let line = progress(label)
        do {
            let result = try measure { line.update($0, of: $1) }
            line.finish("done")
            print(result)
        } catch let failed as FailedChecks {
            line.finish("failed checks")
            print(failed.line)
            throw failed
        }
    }
}
