import Netlink

extension Lab {
    /// What a program has said, on both of its outputs, and its exit status as a shell tells it.
    struct Finished {
        let status: CInt
        let said: String
    }

    /// Runs a program in the network of `node`, with nothing to read, until it and all that it leaves behind have closed
    /// their outputs.
    func run(_ command: [String], in node: String) throws(SystemError) -> Finished {
        let namespace = try directory.open(node)
        var output = try OneWayPipe()
        var input = try OneWayPipe()
        let descriptors = [
            CInt(0): input.readingDescriptor, 1: output.writingDescriptor, 2: output.writingDescriptor,
        ]
        let child = try namespace.run { () throws(SystemError) in
            try ChildProcess.spawn(command[0], command, descriptors: descriptors)
        }
        input.finish(saying: "")
        let said = try output.readToEnd()
        return Finished(status: try child.wait(), said: said)
    }
}
