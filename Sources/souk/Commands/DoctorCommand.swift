import CommandInterface
import Storage

/// `souk doctor`: looks at everything on disk.
enum DoctorCommand: Command {
    static let name = "doctor"
    static let summary = "Check everything on disk and say what to do."
    static let options: [Option] = [.shop, .quiet]
    static let discussion = "Exit code 1 if something is broken."

    static func run(_ arguments: Arguments, console: Console) throws {
        let findings = Doctor(folder: ShopFolder(path: try arguments.required("shop"))).run()
        for finding in findings {
            console.print("\(finding.level.rawValue.padded(to: 8))  \(finding.what)")
            if !finding.advice.isEmpty { console.print("          \(finding.advice)") }
        }
        guard !findings.contains(where: { $0.level == .broken }) else {
            throw ExitError(status: 1, description: "Something is broken: see above.")
        }
    }
}
