import CommandInterface
import Serving
import Storage

/// `souk doctor`: looks at everything on disk.
enum DoctorCommand: Command {
    static let name = "doctor"
    static let summary = "Check everything on disk and say what to do."
    static let options: [Option] = [.shop, .quiet]
    static let discussion = "Exit code 1 if something is broken."

    static func run(_ arguments: Arguments, console: Console) throws {
        let folder = ShopFolder(path: try arguments.required("shop"))
        var findings = Doctor(folder: folder).run()
        // What is damaged was said; what is whole may still be of a format that this version does not serve.
        if !findings.contains(where: { $0.level == .broken }), let opening = opening(folder) {
            findings.append(opening)
        }
        for finding in findings {
            console.print("\(finding.level.rawValue.padded(to: 8))  \(finding.what)")
            if !finding.advice.isEmpty { console.print("          \(finding.advice)") }
        }
        guard !findings.contains(where: { $0.level == .broken }) else {
            throw ExitError(status: 1, description: "Something is broken: see above.")
        }
    }

    /// Opens what is published as a server does; `nil` where nothing is.
    private static func opening(_ folder: ShopFolder) -> Doctor.Finding? {
        do {
            guard let publication = try PublicationStore(folder: folder).current() else { return nil }
            let what = "generation \(publication.generation)"
            do {
                _ = try Backends.published(folder, publication, folder.openStore(.readOnly))
                return Doctor.Finding(level: .fine, what: "\(what) can be served", advice: "")
            } catch {
                return Doctor.Finding(level: .broken, what: "\(what) cannot be served", advice: "\(error)")
            }
        } catch {
            return Doctor.Finding(level: .broken, what: "published.json", advice: error.message)
        }
    }
}
