import NetworkState

// What is said about namespaces that containers have already.
extension Diagnostic {
    static func badNetnsFile(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badNetns, "\(quoted(text)) is no file of a network namespace", at: pointer,
            help: "write its whole path, as /run/netns/web, in at most \(NodeName.maximumFileLength) bytes"
        )
    }

    static func badProcess(_ number: Int64, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badNetns, "\(number) is no process", at: pointer,
            help: "write the number of a process of the container, as its runtime or lsns(8) tells it"
        )
    }

    static func netnsAndProcess(of node: Node, at pointer: JSONPointer, _ other: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badNetns, "\(node) has both 'netns' and 'pid'", at: pointer,
            notes: [Note("its 'netns' is here", at: other)],
            help: "a container has one namespace: leave one of them out"
        )
    }

    static func duplicateNetns(_ netns: Netns, at pointer: JSONPointer, with other: JSONPointer) -> Diagnostic {
        Diagnostic(
            .duplicateNetns, "two containers have the namespace \(netns.name ?? "")", at: pointer,
            notes: [Note("the other one", at: other)],
            help: "give each container one of its own"
        )
    }
}
