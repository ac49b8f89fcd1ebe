/// The published generation of one shop, and those before it.
public struct PublicationStore: Sendable {
    private let folder: ShopFolder

    public init(folder: ShopFolder) { self.folder = folder }

    /// What is served now; `nil` before the first publication.
    public func current() throws(StorageError) -> Publication? {
        guard FileSystem.exists(folder.publishedPath) else { return nil }
        return try Publication.load(from: folder.publishedPath)
    }

    /// Gives the publication the next number, keeps a copy in `generations/`, and makes it the one that is served.
    ///
    /// Atomic: a crash leaves the old or the new generation. Of two processes that publish at once, one is refused.
    /// - Throws: `notFound` if the index or a model is not there; `constraint` if somebody else just published.
    public func publish(_ publication: Publication) throws(StorageError) -> Publication {
        var publication = publication
        for relative in publication.models.values.sorted() + [publication.index].compactMap(\.self) {
            guard Publication.isInside(relative) else {
                throw StorageError(.constraint, "“\(relative)” is not a folder inside the shop.")
            }
            guard FileSystem.exists(folder.path + "/" + relative) else {
                throw StorageError(.notFound, "\(folder.path)/\(relative) does not exist. Build it before publishing.")
            }
        }
        publication.generation = max(try generationNumbers().last ?? 0, try current()?.generation ?? 0) + 1
        try FileSystem.makeFolder(folder.generationsFolder)
        try AtomicFile.write(publication.encoded, to: path(of: publication.generation), replacing: false)
        try AtomicFile.write(publication.encoded, to: folder.publishedPath)
        return publication
    }

    /// All generations that were published, oldest first.
    public func history() throws(StorageError) -> [Publication] {
        var history: [Publication] = []
        for number in try generationNumbers() { history.append(try Publication.load(from: path(of: number))) }
        return history
    }

    /// Serves an earlier generation again, under its own number.
    ///
    /// - Throws: `notFound`; `constraint` if it may not come back, for people in it were erased.
    public func rollback(to generation: Int) throws(StorageError) -> Publication {
        guard FileSystem.exists(path(of: generation)) else {
            throw StorageError(.notFound, "There is no generation \(generation). See `souk publish --list`.")
        }
        let publication = try Publication.load(from: path(of: generation))
        guard publication.isRestorable else {
            throw StorageError(
                .constraint, "Generation \(generation) holds traces of people who were erased. Train and publish anew.")
        }
        try AtomicFile.write(publication.encoded, to: folder.publishedPath)
        return publication
    }

    /// Marks generations that were trained before the latest erasures as not restorable.
    ///
    /// - Returns: The numbers of those that were restorable until now.
    public func markUnrestorable(erasuresBelow erasures: Int) throws(StorageError) -> [Int] {
        var marked: [Int] = []
        for var publication in try history() where publication.isRestorable && publication.erasures < erasures {
            publication.isRestorable = false
            try AtomicFile.write(publication.encoded, to: path(of: publication.generation))
            marked.append(publication.generation)
        }
        return marked
    }

    private func path(of generation: Int) -> String { "\(folder.generationsFolder)/\(generation).json" }

    private func generationNumbers() throws(StorageError) -> [Int] {
        try FileSystem.names(in: folder.generationsFolder)
            .compactMap { name in name.hasSuffix(".json") ? Int(name.dropLast(5)) : nil }
            .sorted()
    }
}
