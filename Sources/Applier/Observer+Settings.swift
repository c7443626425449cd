import Netlink
import NetworkState

extension Observer {
    /// Those of the settings called `keys` that are there: links' from what is told of `links` as far as possible, the others
    /// from their files.
    ///
    /// That of a link which has come since the links were looked at would seem to be older than its link, and is left out.
    static func settings(
        _ keys: [String], with links: [LinkRecord], in namespace: borrowing NetworkNamespace, _ files: SettingFiles
    ) throws(SystemError) -> [Sysctl] {
        var told: [Sysctl] = []
        var untold: [String] = []
        let links = Dictionary(links.map { ($0.name, $0) }) { $1 }
        for key in keys {
            guard let device = Sysctl(key, "").device else {
                untold.append(key)
                continue
            }
            guard let link = links[device] else { continue }
            if let value = link.settings.value(of: key) { told.append(Sysctl(key, value)) } else { untold.append(key) }
        }
        return told + (try SysctlFiles.read(untold, in: namespace, files))
    }
}
