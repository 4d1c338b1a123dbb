/** For `wardian/slim`, whose user says where the module that explains is: explaining itself says if it is not loaded. */
export function readyToExplain() {}
