import NetworkState

/// Which file says a value of a document that several files make up, and where in it.
struct Origin {
    let file: Int
    let pointer: JSONPointer
    /// The members or elements that do not come from right beneath ``pointer``.
    var parts: [JSONPointer.Step: Origin] = [:]

    /// Of the whole of one file.
    init(file: Int) {
        self.init(file: file, pointer: .root)
    }

    private init(file: Int, pointer: JSONPointer) {
        self.file = file
        self.pointer = pointer
    }

    /// Of everything in `source`, whose files are read once more: nobody asks before something is to be said about it.
    init(of source: SourceText) {
        var diagnostics = Diagnostics()
        let document = source.files.count > 1 ? Document(reading: source, &diagnostics) : nil
        self = document?.origin ?? Origin(file: 0)
    }

    subscript(step: JSONPointer.Step) -> Origin {
        parts[step] ?? Origin(file: file, pointer: pointer.appending(step))
    }

    subscript(pointer: JSONPointer) -> Origin {
        pointer.steps.reduce(self) { $0[$1] }
    }
}
