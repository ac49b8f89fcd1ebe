import Foundation
import JSON
import Recommenders
import Storage

/// Parameters of models for baskets, as `souk tune --best` writes them and `souk train --parameters` reads them.
///
/// `{"format": 1, "models": {"blend": {"decay": 0.97}}}`: what is not named stays as it is shipped. Spaces are those of the search.
public struct ParameterFile: Hashable, Sendable {
    private static let format: Int64 = 1
    /// Values of all parameters of a model's space, by its name.
    private let models: [String: [Double]]

    init(model: String, values: [Double]) { models = [model: values] }

    /// - Throws: `unusable` for what is no such file, with what is wrong in it.
    public init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LearningError(.missing, "There is no file of parameters at \(path).")
        }
        do { try self.init(JSONValue(parsing: Array(data))) } catch let error as LearningError {
            throw LearningError(error.code, "\(path): \(error.message)")
        } catch {
            throw LearningError(.unusable, "\(path): \(error)")
        }
    }

    private init(_ json: JSONValue) throws(LearningError) {
        guard json["format"]?.integerValue == Self.format, let members = json["models"]?.objectValue,
            json.objectValue?.count == 2, !members.isEmpty
        else {
            throw LearningError(
                .unusable,
                "It is no file of parameters, such as {\"format\": \(Self.format), \"models\": {\"blend\": {\"decay\": 0.97}}}."
            )
        }
        var models: [String: [Double]] = [:]
        for member in members {
            let space = try BasketTuning.model(member.name).space
            guard let values = member.value.objectValue else {
                throw LearningError(.unusable, "'\(member.name)' holds no parameters by name.")
            }
            models[member.name] = try Self.values(values, space, of: member.name)
        }
        self.models = models
    }

    private static func values(
        _ members: [JSONValue.Member], _ space: SearchSpace, of model: String
    ) throws(LearningError) -> [Double] {
        var values = space.shipped
        for member in members {
            guard let place = space.parameters.firstIndex(where: { $0.name == member.name }) else {
                let names = space.parameters.map(\.name).joined(separator: ", ")
                throw LearningError(
                    .unusable, "'\(model)' has no parameter '\(member.name)'. Parameters: \(names).")
            }
            guard let value = space.parameters[place].value(of: member.value) else {
                throw LearningError(
                    .unusable, "'\(member.name)' of '\(model)' is \(space.parameters[place].promise).")
            }
            values[place] = value
        }
        return values
    }

    /// All values of a model; `nil` where it stays as it is shipped.
    func values(of model: String) -> [Double]? { models[model] }

    /// Sets what belongs to a training set; parameters of other models are passed over.
    func apply(to parameters: inout ModelParameters) {
        for (name, values) in models where BasketParameters.spaces[name] != nil {
            BasketParameters.set(name, to: values, in: &parameters)
        }
    }

    /// - Throws: `unusable` if it names a model that `souk train` does not train.
    func checkServed() throws(LearningError) {
        guard let other = models.keys.sorted().first(where: { !BasketParameters.served.contains($0) }) else { return }
        let names = BasketParameters.served.joined(separator: ", ")
        throw LearningError(
            .unusable,
            "`souk train` does not train '\(other)', so it has no use for its parameters. It trains \(names).")
    }

    func write(to path: String) throws {
        try AtomicFile.write(json.encoded + [0x0A], to: path)
    }

    /// Models in the order of their names.
    var json: JSONValue {
        let members = models.sorted { $0.key < $1.key }.compactMap { name, values in
            // Every name was looked up when the file was read.
            (try? BasketTuning.model(name)).map { JSONValue.Member(name, Self.json(values, $0.space)) }  // Above.
        }
        return .object([.init("format", .integer(Self.format)), .init("models", .object(members))])
    }

    static func json(_ values: [Double], _ space: SearchSpace) -> JSONValue {
        .object(zip(space.parameters, values).map { .init($0.name, $0.json($1)) })
    }
}

extension SearchSpace.Parameter {
    fileprivate func json(_ value: Double) -> JSONValue {
        switch scale {
        case .choice: .string(text(value))
        default: isWhole ? .integer(Int64(value)) : .number(value)
        }
    }

    /// A value as a file says it; `nil` if it is none of this parameter's.
    fileprivate func value(of json: JSONValue) -> Double? {
        if case .choice(let names) = scale {
            return json.stringValue.flatMap { names.firstIndex(of: $0) }.map { Double($0) }
        }
        guard let value = json.doubleValue, range.contains(value),
            !isWhole || value == value.rounded()
        else { return nil }
        return value
    }

    /// What values it takes, in words.
    fileprivate var promise: String {
        if case .choice(let names) = scale { return "one of \(names.joined(separator: ", "))" }
        let ends = "\(text(range.lowerBound)) to \(text(range.upperBound))"
        return isWhole ? "a whole number from \(ends)" : "a number from \(ends)"
    }
}
