internal import Domain

/// Looks at everything that a shop keeps on disk.
public struct Doctor {
    public enum Level: String, Sendable { case fine, warning, broken }

    /// What was looked at, how it is, and what to do.
    public struct Finding: Hashable, Sendable {
        public let level: Level
        public let what: String
        public let advice: String

        public init(level: Level, what: String, advice: String) {
            (self.level, self.what, self.advice) = (level, what, advice)
        }
    }

    private let folder: ShopFolder
    private var findings: [Finding] = []

    public init(folder: ShopFolder) { self.folder = folder }

    /// Checks configuration, key, database, artefacts and publication; reads every byte of the artefacts.
    public consuming func run() -> [Finding] {
        check("config.json") { folder throws(StorageError) in _ = try folder.config() }
        checkKey()
        checkDatabase()
        checkArtefacts()
        checkPromotions()
        checkPictures()
        checkPublication()
        if FileSystem.exists(folder.rulesPath) {
            check("rules.json") { folder throws(StorageError) in
                try JSONFile.checkFormat(
                    try JSONFile.read(folder.rulesPath, maximumBytes: 64 << 20), folder.rulesPath, 1)
            }
        }
        return findings
    }

    private mutating func add(_ level: Level, _ what: String, _ advice: String = "") {
        findings.append(Finding(level: level, what: what, advice: advice))
    }

    private mutating func check(_ what: String, _ body: (ShopFolder) throws(StorageError) -> Void) {
        do throws(StorageError) {
            try body(folder)
            add(.fine, what)
        } catch {
            add(.broken, what, error.message)
        }
    }

    private mutating func checkKey() {
        let path = folder.identityKeyPath
        guard FileSystem.exists(path) else {
            add(.warning, "identity.key", "The key is gone: the log is anonymous, and nobody can be found in it again.")
            return
        }
        check("identity.key") { folder throws(StorageError) in
            _ = try Pseudonymiser(keyFile: folder.identityKeyPath)
            let mode = try FileSystem.mode(of: folder.identityKeyPath) & 0o777
            guard mode & 0o077 == 0 else {
                throw StorageError(.constraint, "Others may read the key: chmod 600 \(folder.identityKeyPath)")
            }
        }
    }

    private mutating func checkDatabase() {
        check("shop.sqlite") { folder throws(StorageError) in
            let store = try folder.openStore(.readOnly)
            let problems = try store.integrityProblems()
            guard problems.isEmpty else {
                throw StorageError(
                    .corrupt, "The database is damaged: restore a backup. \(problems.joined(separator: "; "))")
            }
        }
    }

    private mutating func checkArtefacts() {
        var folders: [String] = subfolders(of: folder.indexFolder)
        for model in subfolders(of: folder.modelsFolder) { folders += subfolders(of: model) }
        for path in folders {
            let name = String(path.dropFirst(folder.path.count + 1))
            if path.hasSuffix(".partial") {
                add(.warning, name, "A build was cut short: remove the folder.")
            } else {
                checkArtefact(path, name)
            }
        }
    }

    private mutating func checkArtefact(_ path: String, _ name: String) {
        do throws(StorageError) {
            add(.fine, name + Self.nearest(try Artefact(folder: path, verify: .checksums).manifest))
        } catch {
            add(.broken, name, error.message)
        }
    }

    /// How the nearest of an artefact's vectors are found, with what was measured when it was made; empty for others.
    private static func nearest(_ manifest: Manifest) -> String {
        guard let method = manifest.inputs[Manifest.nearestInput] else { return "" }
        guard let recall = manifest.metrics["\(method).recall@10"],
            let time = manifest.metrics["\(method).microseconds"]
        else { return " (nearest vectors: \(method), few enough not to be measured)" }
        let (share, microseconds) = ((recall * 1000).rounded() / 1000, Int(time.rounded()))
        return " (nearest vectors: \(method), recall@10 \(share), \(microseconds) µs)"
    }

    private mutating func checkPromotions() {
        guard FileSystem.exists(folder.promotionsPath) else { return }
        check("promotions.bin") { folder throws(StorageError) in
            let table = try PromotionTable(path: folder.promotionsPath, verify: .checksums)
            guard table.itemLimit <= (try folder.openStore(.readOnly).numberLimit()) else {
                throw StorageError(
                    .corrupt, "promotions.bin names items that the catalogue lacks: import the promotions again.")
            }
        }
    }

    private mutating func checkPictures() {
        guard FileSystem.exists(folder.picturesPath) else { return }
        check("pictures.bin") { folder throws(StorageError) in
            let table = try PictureTable(path: folder.picturesPath, verify: .checksums)
            guard table.itemLimit <= (try folder.openStore(.readOnly).numberLimit()) else {
                throw StorageError(
                    .corrupt, "pictures.bin names items that the catalogue lacks: import the pictures again.")
            }
        }
    }

    private func subfolders(of path: String) -> [String] {
        // A folder that cannot be listed holds nothing that could be checked; its absence shows in the publication.
        ((try? FileSystem.names(in: path)) ?? []).sorted().map { path + "/" + $0 }
    }

    private mutating func checkPublication() {
        do throws(StorageError) {
            guard let current = try PublicationStore(folder: folder).current() else {
                add(
                    .warning, "published.json",
                    "Nothing is published yet: run `souk index`, `souk train`, `souk publish`.")
                return
            }
            for relative in current.models.values.sorted() + [current.index].compactMap(\.self)
            where !FileSystem.exists(folder.path + "/" + relative) {
                add(.broken, "published.json", "\(relative) is gone: publish anew, or roll back.")
            }
            add(.fine, "published.json")
            let store = try folder.openStore(.readOnly)
            if try store.erasureCount() > current.erasures {
                add(
                    .warning, "models",
                    "They were trained before the last erasure: run `souk train` and `souk publish` to forget the person."
                )
            }
        } catch {
            add(.broken, "published.json", error.message)
        }
    }
}

extension SQLiteStore {
    /// What SQLite's own checks find wrong; empty for a sound database. Complexity: reads every page.
    func integrityProblems() throws(StorageError) -> [String] {
        try read { connection throws(StorageError) in
            var problems: [String] = []
            for check in ["PRAGMA quick_check(5)", "PRAGMA foreign_key_check"] {
                let statement = try connection.statement(check)
                defer { statement.reset() }
                while try statement.step(), problems.count < 10 {
                    let text = statement.text(0)
                    if text != "ok" { problems.append(text) }
                }
            }
            return problems
        }
    }
}
