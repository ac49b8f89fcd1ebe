/// One option that a command understands.
public struct Option: Sendable {
    enum Kind: Sendable { case flag, value(placeholder: String) }

    public let name: String
    let kind: Kind
    let help: String
    var isRequired = false
    /// May be given more than once.
    var isRepeatable = false

    public static func flag(_ name: String, _ help: String) -> Option { Option(name: name, kind: .flag, help: help) }

    public static func value(
        _ name: String, _ placeholder: String, _ help: String, required: Bool = false, repeatable: Bool = false
    ) -> Option {
        Option(
            name: name, kind: .value(placeholder: placeholder), help: help, isRequired: required,
            isRepeatable: repeatable)
    }

    /// `--shop DIR`: how it stands in a usage line.
    var usage: String {
        switch kind {
        case .flag: "--\(name)"
        case .value(let placeholder): "--\(name) \(placeholder)"
        }
    }
}

extension Option {
    public static let shop = Option.value("shop", "DIR", "The shop's folder.", required: true)
    public static let quiet = Option.flag("quiet", "No progress, only the result.")
}
