import Netlink
import NetworkState

/// One namespace's links by name and by number: requests and dumps name them by number, all else by name.
struct InterfaceIndices {
    private var names: [UInt32: LinkName] = [:]
    private var indices: [LinkName: UInt32] = [:]

    init(_ links: [LinkRecord] = []) {
        for link in links { insert(link.name, at: link.index) }
    }

    func index(of name: LinkName) -> UInt32? { indices[name] }

    /// The number of a link that has been looked up: it is our own mistake if it has not.
    subscript(name: LinkName) -> UInt32 {
        guard let index = indices[name] else { preconditionFailure("link \(name) was not looked up") }
        return index
    }

    /// Links come and go between one dump and the next, so a number may be one that the dump of links did not have.
    func name(of index: UInt32) throws(NetlinkError) -> LinkName {
        guard let name = known(index) else { throw .unknownLink(index: index) }
        return name
    }

    /// Of all links, in no particular order.
    var links: [LinkName] { Array(indices.keys) }

    func known(_ index: UInt32) -> LinkName? { names[index] }

    mutating func insert(_ name: LinkName, at index: UInt32) {
        names[index] = name
        indices[name] = index
    }

    mutating func remove(_ name: LinkName) {
        if let index = indices.removeValue(forKey: name) { names[index] = nil }
    }
}
