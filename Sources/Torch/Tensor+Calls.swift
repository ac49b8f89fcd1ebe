internal import CTorch

extension Tensor {
    /// Calls an operator of libtorch by its name, such as `aten::add` with the overload `Tensor`.
    ///
    /// Arguments that are left out at the end take the schema's defaults. An operator that is unknown, an argument of the
    /// wrong type and shapes that do not fit all come back as an error with the shapes that were given.
    public static func call(
        _ name: String, _ overload: String = "", _ arguments: [Argument]
    ) throws(TorchError) -> [Tensor] {
        var packed = PackedArguments()
        for argument in arguments { unsafe packed.append(argument) }
        var results = unsafe [OpaquePointer?](repeating: nil, count: 4)
        var count: Int64 = 0
        let problem = unsafe withExtendedLifetime(arguments) {
            unsafe ct_call(
                name, overload, packed.arguments, Int64(arguments.count), packed.integers, packed.tensors, &results,
                Int64(results.count), &count)
        }
        try unsafe check(name, problem, shapes: shapes(in: arguments))
        return unsafe results.prefix(Int(count)).map { unsafe Tensor(adopting: $0!) }
    }

    /// Calls an operator that gives one tensor.
    public static func one(_ name: String, _ overload: String, _ arguments: [Argument]) throws(TorchError) -> Tensor {
        let results = try call(name, overload, arguments)
        guard let result = results.first else {
            throw TorchError(operation: name, shapes: shapes(in: arguments), reason: "it gave no tensor")
        }
        return result
    }

    private static func shapes(in arguments: [Argument]) -> [[Int]] {
        arguments.flatMap { argument -> [[Int]] in
            switch argument {
            case .tensor(let tensor): [tensor.shape]
            case .tensors(let tensors): tensors.map(\.shape)
            default: []
            }
        }
    }
}

/// Arguments as the shim takes them: one record each, with lists in two shared columns.
@safe private struct PackedArguments {
    var arguments: [ct_argument] = unsafe []
    var integers: [Int64] = []
    var tensors: [OpaquePointer?] = unsafe []

    /// The tensor's handle is borrowed: the caller keeps the argument alive.
    @unsafe mutating func append(_ argument: Argument) {
        var record = unsafe ct_argument(kind: 0, integer: 0, count: 0, number: 0, generator: nil)
        switch argument {
        case .none: unsafe record.kind = Int32(CT_NONE.rawValue)
        case .tensor(let tensor):
            unsafe record.kind = Int32(CT_TENSOR.rawValue)
            unsafe record.integer = Int64(tensors.count)
            unsafe tensors.append(tensor.handle)
        case .tensors(let list):
            unsafe record.kind = Int32(CT_TENSORS.rawValue)
            unsafe record.integer = Int64(tensors.count)
            unsafe record.count = Int64(list.count)
            for tensor in list { unsafe tensors.append(tensor.handle) }
        case .integer(let value):
            unsafe record.kind = Int32(CT_INTEGER.rawValue)
            unsafe record.integer = Int64(value)
        case .number(let value):
            unsafe record.kind = Int32(CT_NUMBER.rawValue)
            unsafe record.number = value
        case .flag(let value):
            unsafe record.kind = Int32(CT_FLAG.rawValue)
            unsafe record.integer = value ? 1 : 0
        case .random(let source):
            unsafe record.kind = Int32(CT_GENERATOR.rawValue)
            unsafe record.generator = source.handle
        case .integers(let list):
            unsafe record.kind = Int32(CT_INTEGERS.rawValue)
            unsafe record.integer = Int64(integers.count)
            unsafe record.count = Int64(list.count)
            for value in list { integers.append(Int64(value)) }
        }
        unsafe arguments.append(record)
    }
}
