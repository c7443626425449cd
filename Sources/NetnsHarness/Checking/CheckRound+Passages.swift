import Netlink

extension CheckRound {
    func checkPassages() throws(SystemError) -> [Check] { [] }
}
