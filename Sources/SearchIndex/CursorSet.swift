/// Walks along several posting lists by document, with one buffer of unpacked documents each.
@safe struct CursorSet: ~Copyable {
    /// Stands for "no further document".
    static let end = UInt32.max

    @safe private struct Cursor {
        let list: PostingList
        /// Of the block that is unpacked.
        @unsafe var impacts: UnsafePointer<UInt8>
        var document: UInt32
        var block: Int
        var position: Int
        var count: Int
        var last: UInt32
        /// The block that bounds are read from, at or before the one that is unpacked or beyond it.
        var shallow: Int
    }

    @unsafe private let cursors: UnsafeMutablePointer<Cursor>
    @unsafe private let buffers: UnsafeMutablePointer<UInt32>
    let count: Int

    init(_ lists: [PostingList]) {
        count = lists.count
        unsafe cursors = .allocate(capacity: max(1, lists.count))
        unsafe buffers = .allocate(capacity: max(1, lists.count) * PostingBlock.capacity)
        for (index, list) in lists.enumerated() {
            unsafe (cursors + index).initialize(
                to: Cursor(
                    list: list, impacts: list.bytes, document: 0, block: -1, position: 0, count: 0, last: 0, shallow: 0)
            )
            load(index, 0)
        }
    }

    deinit {
        unsafe cursors.deinitialize(count: count)
        unsafe cursors.deallocate()
        unsafe buffers.deallocate()
    }

    @inline(__always) func document(_ index: Int) -> UInt32 { unsafe cursors[index].document }
    @inline(__always) func list(_ index: Int) -> PostingList { unsafe cursors[index].list }

    /// The impact of the document at which a list stands.
    @inline(__always) func impact(_ index: Int) -> UInt8 {
        let cursor = unsafe cursors + index
        return unsafe cursor.pointee.impacts[cursor.pointee.position]
    }

    /// What the document at which a list stands gains from it.
    @inline(__always) func contribution(_ index: Int) -> UInt32 {
        unsafe UInt32(impact(index)) &* cursors[index].list.unit
    }

    private func load(_ index: Int, _ block: Int) {
        let cursor = unsafe cursors + index
        guard unsafe block < cursor.pointee.list.blockCount else {
            unsafe (cursor.pointee.document, cursor.pointee.last) = (Self.end, Self.end)
            return
        }
        let found = unsafe cursor.pointee.list.block(block)
        unsafe cursor.pointee.list.unpack(found, to: buffers + index * PostingBlock.capacity)
        unsafe (cursor.pointee.block, cursor.pointee.position, cursor.pointee.count) = (block, 0, found.count)
        unsafe (cursor.pointee.document, cursor.pointee.last) = (found.first, found.last)
        unsafe cursor.pointee.impacts = cursor.pointee.list.impacts(found)
    }

    /// Moves a list to its next document and returns that.
    @inline(__always) @discardableResult func next(_ index: Int) -> UInt32 {
        let cursor = unsafe cursors + index
        let position = unsafe cursor.pointee.position + 1
        if unsafe position < cursor.pointee.count {
            unsafe cursor.pointee.position = position
            unsafe cursor.pointee.document = buffers[index * PostingBlock.capacity + position]
        } else {
            unsafe load(index, cursor.pointee.block + 1)
        }
        return unsafe cursor.pointee.document
    }

    /// Moves a list to its first document at or after `target`, never back, and returns that.
    @inline(__always) @discardableResult func seek(_ index: Int, _ target: UInt32) -> UInt32 {
        let cursor = unsafe cursors + index
        let now = unsafe cursor.pointee.document
        return now >= target ? now : seekFurther(index, target)
    }

    private func seekFurther(_ index: Int, _ target: UInt32) -> UInt32 {
        let cursor = unsafe cursors + index
        if unsafe cursor.pointee.last < target {
            let found = unsafe cursor.pointee.list.block(from: cursor.pointee.block + 1, reaching: target)
            load(index, found)
            if unsafe cursor.pointee.document >= target { return unsafe cursor.pointee.document }
        }
        // The block reaches the target: halve without branches.
        let documents = unsafe buffers + index * PostingBlock.capacity
        var low = unsafe cursor.pointee.position
        var length = unsafe cursor.pointee.count - low
        // Of words that often stand together, mostly the next document.
        if unsafe length > 1 && documents[low + 1] >= target { length = 2 }
        while length > 1 {
            let half = length / 2
            low = unsafe documents[low + half - 1] < target ? low + half : low
            length -= half
        }
        unsafe cursor.pointee.position = low
        unsafe cursor.pointee.document = documents[low]
        return unsafe cursor.pointee.document
    }

    /// The last document of the block that holds, or next follows, `document`.
    @inline(__always) func blockEnd(_ index: Int, _ document: UInt32) -> UInt32 {
        let cursor = unsafe cursors + index
        let block = unsafe cursor.pointee.list.block(from: cursor.pointee.shallow, reaching: document)
        unsafe cursor.pointee.shallow = block
        return unsafe block < cursor.pointee.list.blockCount ? cursor.pointee.list.block(block).last : Self.end
    }

    /// What a document from `first` to `last` can gain from a list at most; `first` never falls from call to call.
    @inline(__always) func bound(_ index: Int, _ first: UInt32, _ last: UInt32) -> UInt32 {
        let cursor = unsafe cursors + index
        var block = unsafe cursor.pointee.list.block(from: cursor.pointee.shallow, reaching: first)
        unsafe cursor.pointee.shallow = block
        var highest: UInt8 = 0
        while unsafe block < cursor.pointee.list.blockCount {
            let found = unsafe cursor.pointee.list.block(block)
            guard found.first <= last else { break }
            highest = max(highest, found.maximum)
            block += 1
        }
        return unsafe UInt32(highest) &* cursor.pointee.list.unit
    }
}
