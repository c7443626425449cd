import Netlink

/// What events run in a lab, with all that it leaves behind: it lasts until the lab's test is through, or its process ends.
final class EventPrograms {
    private let lab: Lab
    /// Of their own; nil before the first.
    private var processes: ProcessNamespace?

    init(_ lab: Lab) { self.lab = lab }

    /// What a program has said, on both of its outputs, and its exit status as a shell tells it.
    struct Finished {
        let status: CInt
        let said: String
    }

    /// Runs a program in the network of `node`, with nothing to read, until it and all that it leaves behind have closed
    /// their outputs.
    func run(_ command: [String], in node: String) throws(SystemError) -> Finished {
        let namespace = try lab.directory.open(node)
        var output = try OneWayPipe()
        var input = try OneWayPipe()
        let descriptors = [
            CInt(0): input.readingDescriptor, 1: output.writingDescriptor, 2: output.writingDescriptor,
        ]
        let child = try begun().spawn(
            lab.program, ["weft", "lab", "attend", "--"] + command, descriptors: descriptors, in: namespace)
        input.finish(saying: "")
        let said = try output.readToEnd()
        return Finished(status: try child.wait(), said: said)
    }

    private func begun() throws(SystemError) -> ProcessNamespace {
        if let processes { return processes }
        let begun = try ProcessNamespace(first: lab.program, ["weft", "lab", "attend"])
        processes = begun
        return begun
    }

    /// Ends all that is left of them, and waits until it is gone.
    func end() throws(SystemError) {
        try processes?.end()
        processes = nil
    }
}
