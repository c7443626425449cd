package import Netlink
package import NetworkState

/// Where one host's namespaces are: its own, and by name those of its containers.
package struct HostNamespaces: Hashable, Sendable {
    package enum Own: Hashable, Sendable {
        /// The one that this process is in: a real host.
        case current
        /// One in the same directory as its containers': a host of a lab.
        case named(String)
    }

    package let own: Own
    package let directory: String

    package init(own: Own = .current, directory: String = "/run/netns") {
        self.own = own
        self.directory = directory
    }

    /// The host's own one.
    package func openOwn() throws(SystemError) -> NetworkNamespace {
        switch own {
        case .current: try .current()
        case .named(let name): try names.open(name)
        }
    }

    package var names: NetnsDirectory { NetnsDirectory(directory) }

    /// The name of `netns` in ``directory``, if it is found by name. In a lab, where the machine's files are out of sight,
    /// one that has a file of its own is found by that file's path written as a name.
    package func name(of netns: Netns) -> String? {
        switch (netns, own) {
        case (.named(let name), .named) where netns.isFile: Self.labName(ofFile: name)
        case (.named(let name), _), (.own, .named(let name)): name
        case (.own, .current): nil
        }
    }

    /// `/run/netns/web` as `%run%netns%web`, which no node of a lab is called.
    package static func labName(ofFile path: String) -> String {
        String(path.map { $0 == "/" ? "%" : $0 })
    }
}
