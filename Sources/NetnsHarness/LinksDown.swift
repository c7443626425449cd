import Applier
import Compiler
import Glibc
import JSONReader
import Netlink
import NetworkState

/// The links of a lab that have been set down on purpose. To its plans they are as they should be, so that no apply sets
/// them up unasked.
package struct LinksDown: Sendable {
    struct End: Hashable {
        /// The name of its namespace in the lab.
        let netns: String
        let link: LinkName
    }

    private let path: String
    private var lockPath: String { "\(path).lock" }

    /// Of the lab whose hosts' ledgers are in `stateDirectory`; a real host's has none.
    init(stateDirectory: String) { path = "\(stateDirectory)/lab/links-down.json" }

    func ends() throws(ApplyError) -> Set<End> {
        do throws(SystemError) {
            let text = try readFile(path)
            let json = try? JSON(parsing: text)
            return Set(json?.array?.compactMap(End.init) ?? [])
        } catch {
            guard error.errno == ENOENT else { throw .system(error, .unchanged) }
            return []
        }
    }

    /// Does `body` while no other process changes which links are down: each has what those before it have changed, and none
    /// applies what another is about to set up.
    func inTurn(_ body: () throws(ApplyError) -> Void) throws(ApplyError) {
        let attempt = try systems { () throws(SystemError) in
            try FileLock.acquire(lockPath, timeout: .seconds(30), note: String(ThisProcess.id))
        }
        guard case .acquired(let lock) = consume attempt else {
            throw .system(SystemError("lock \(lockPath)", errno: EAGAIN), .unchanged)
        }
        try body()
        extendLifetime(lock)
    }

    func write(_ ends: Set<End>) throws(ApplyError) {
        let sorted = ends.sorted { ($0.netns, $0.link) < ($1.netns, $1.link) }
        try systems { () throws(SystemError) in try replaceFile(path, with: JSON.array(sorted.map(\.json)).text) }
    }

    func remove() throws(SystemError) { for file in [path, lockPath] { try removeFile(file) } }

    /// `host` as it should be with those of its links down.
    func leave(_ host: CompiledHost, in namespaces: HostNamespaces) throws(ApplyError) -> CompiledHost {
        let ends = try ends()
        if ends.isEmpty { return host }
        var host = host
        for netns in host.declaration.state.namespaces.keys {
            let name = namespaces.name(of: netns)
            for end in ends where end.netns == name { host.leaveDown(end.link, in: netns) }
        }
        return host
    }
}

extension LinksDown.End {
    init(_ end: WireEnd) {
        let name = end.netns.name ?? end.node
        netns = end.netns.isFile ? HostNamespaces.labName(ofFile: name) : name
        link = end.link
    }

    fileprivate init?(json: JSON) {
        guard let netns = json["netns"]?.string, let link = json["link"]?.string.flatMap({ LinkName($0) }) else {
            return nil
        }
        (self.netns, self.link) = (netns, link)
    }

    fileprivate var json: JSON { .object(["netns": .string(netns), "link": .string(link.text)]) }
}
