import Storage
import VectorIndex

/// Vectors, and what finds the nearest of them, in a file of tensors.
enum VectorFile {
    /// Adds the vectors as `numbers` and `factors`, few dimensions of them as `directions`, `reduced` and `reduced.factors`, and a graph
    /// as `graph` and `graph.N` with `graph.N.members`, from the lowest layer; `graph.shape` holds degree, entry, breadth and layers.
    static func add(_ vectors: NearestVectors, to writer: inout SafetensorsWriter) {
        let columns = vectors.columns
        writer.add("numbers", columns.numbers, shape: [columns.count, columns.width])
        writer.add("factors", columns.factors, shape: [columns.count])
        if let reduction = vectors.reduction {
            let (directions, reduced) = (reduction.directions, reduction.columns)
            writer.add("directions", directions.rows, shape: [directions.count, directions.width])
            writer.add("reduced", reduced.numbers, shape: [reduced.count, reduced.width])
            writer.add("reduced.factors", reduced.factors, shape: [reduced.count])
        }
        guard let graph = vectors.graph else { return }
        let shape = [UInt32(graph.degree), graph.entry, UInt32(vectors.breadth), UInt32(graph.layers.count)]
        writer.add("graph.shape", shape, shape: [shape.count])
        writer.add("graph", graph.links, shape: [columns.count, 2 * graph.degree])
        for (number, layer) in graph.layers.enumerated() {
            writer.add("graph.\(number + 1).members", layer.members, shape: [layer.members.count])
            writer.add("graph.\(number + 1)", layer.links, shape: [layer.members.count, graph.degree])
        }
    }

    /// - Returns: `nil` if the parts do not fit each other.
    static func vectors(_ file: SafetensorsFile, width: Int) throws -> NearestVectors? {
        let count = file.shape(of: "factors")?.first ?? 0
        let columns = VectorColumns(
            width: width, numbers: try file.int8s("numbers", shape: [count, width]),
            factors: try file.floats("factors", shape: [count]))
        guard let columns else { return nil }
        if file.shape(of: "graph") != nil { return try graph(file, columns) }
        guard let reduced = file.shape(of: "directions")?.first else { return NearestVectors(columns: columns) }
        let directions = PrincipalDirections(
            width: width, rows: try file.floats("directions", shape: [reduced, width]))
        let few = VectorColumns(
            width: reduced, numbers: try file.int8s("reduced", shape: [count, reduced]),
            factors: try file.floats("reduced.factors", shape: [count]))
        guard let directions, let few,
            let reduction = NearestVectors.Reduction(directions: directions, columns: few)
        else { return nil }
        return NearestVectors(columns: columns, reduction: reduction)
    }

    private static func graph(_ file: SafetensorsFile, _ columns: VectorColumns) throws -> NearestVectors? {
        let shape = try file.uint32s("graph.shape", shape: [4])
        let (degree, breadth) = (Int(shape[0]), Int(shape[2]))
        guard (1...1024).contains(degree), shape[3] <= 64 else { return nil }
        let layers = try (1..<Int(shape[3]) + 1).map { number in
            let count = file.shape(of: "graph.\(number).members")?.first ?? 0
            return VectorGraph.Layer(
                members: try file.uint32s("graph.\(number).members", shape: [count]),
                links: try file.uint32s("graph.\(number)", shape: [count, degree]))
        }
        let graph = VectorGraph(
            count: columns.count, degree: degree, entry: shape[1],
            links: try file.uint32s("graph", shape: [columns.count, 2 * degree]), layers: layers)
        return graph.flatMap { NearestVectors(columns: columns, graph: $0, breadth: breadth) }
    }
}
