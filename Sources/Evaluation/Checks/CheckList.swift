public import JSON

/// What would make figures worthless, looked for in every run: each check with what it found.
public struct CheckList: Sendable {
    /// One thing that was looked for.
    public struct Check: Hashable, Sendable {
        public let name: String
        public let isPassed: Bool
        /// What was found, in a sentence.
        public let detail: String

        public init(name: String, isPassed: Bool, detail: String) {
            (self.name, self.isPassed, self.detail) = (name, isPassed, detail)
        }
    }

    public let checks: [Check]

    public init(_ checks: [Check]) { self.checks = checks }

    public var failures: [Check] { checks.filter { !$0.isPassed } }

    /// A table for a report.
    public var blocks: [ReportBlock] {
        [
            .table(
                caption: "What would make the figures worthless", columns: ["Check", "Outcome", "Found"],
                rows: checks.map { [$0.name, $0.isPassed ? "passed" : "FAILED", $0.detail] })
        ]
    }

    /// By check `passed` and `found`.
    public var json: JSONValue {
        .object(
            checks.map {
                .init($0.name, .object([.init("passed", .bool($0.isPassed)), .init("found", .string($0.detail))]))
            })
    }

    /// The result line of a task with the member `checks`.
    ///
    /// - Throws: `FailedChecks` with that line if a check failed: figures are shown, but nobody may take them for good.
    public func line(_ members: [JSONValue.Member]) throws(FailedChecks) -> String {
        let line = JSONLine.text(.object(members + [.init("checks", json)]))
        guard failures.isEmpty else { throw FailedChecks(line: line, failures: failures) }
        return line
    }
}

/// Figures that must not be believed.
public struct FailedChecks: Error, CustomStringConvertible {
    /// The result as one line of JSON, with the checks.
    public let line: String
    public let failures: [CheckList.Check]

    public var description: String {
        "The figures are worthless: "
            + failures.map { "check '\($0.name)' failed: \($0.detail)" }.joined(separator: " ")
    }
}
