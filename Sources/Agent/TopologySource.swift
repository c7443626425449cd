package import Compiler
package import Netlink
import NetnsHarness

/// Where an agent's topology is read from, again and again.
package struct TopologySource: ~Copyable {
    /// As the user wrote it.
    package let name: String
    private let carried: CarriedPath?
    private var path: String {
        switch carried {
        case .some(let carried): carried.path
        case .none: name
        }
    }

    /// - `isCarried`: whether this process is about to enter a mount namespace in which the path may lead elsewhere.
    package init(_ name: String, isCarried: Bool) throws(SystemError) {
        self.name = name
        carried = isCarried ? try CarriedPath(name) : nil
    }

    package func read() throws(SystemError) -> SourceText {
        try SourceText(reading: path, as: name)
    }

    /// The directories in which something changes when the topology does: the one that the name is in, and the one that
    /// it is the name of.
    var directories: [String] {
        let parent = splitPath(path).directory
        return isDirectory(path) ? [parent, path] : [parent]
    }
}
