// [rdi] = [rsi]² mod 2^512 - C, below 2^512, eight limbs; rdi is not rsi.
// Clobbers rax, rcx, rdx, r8..r15.
push rbx
// products of different limbs, row 0
mov rdx, [rsi]
mulx r9, r8, [rsi + 8]
mulx r10, rax, [rsi + 16]
add r9, rax
mulx r11, rax, [rsi + 24]
adc r10, rax
mulx r12, rax, [rsi + 32]
adc r11, rax
mulx r13, rax, [rsi + 40]
adc r12, rax
mulx r14, rax, [rsi + 48]
adc r13, rax
mulx r15, rax, [rsi + 56]
adc r14, rax
adc r15, 0
mov [rdi + 8], r8
mov [rdi + 16], r9
// row 1
mov rdx, [rsi + 8]
xor eax, eax
mulx rbx, rax, [rsi + 16]
adcx r10, rax
adox r11, rbx
mulx rbx, rax, [rsi + 24]
adcx r11, rax
adox r12, rbx
mulx rbx, rax, [rsi + 32]
adcx r12, rax
adox r13, rbx
mulx rbx, rax, [rsi + 40]
adcx r13, rax
adox r14, rbx
mulx rbx, rax, [rsi + 48]
adcx r14, rax
adox r15, rbx
mulx r8, rax, [rsi + 56]
adcx r15, rax
mov eax, 0
adox r8, rax
adcx r8, rax
mov [rdi + 24], r10
mov [rdi + 32], r11
// row 2
mov rdx, [rsi + 16]
xor eax, eax
mulx rbx, rax, [rsi + 24]
adcx r12, rax
adox r13, rbx
mulx rbx, rax, [rsi + 32]
adcx r13, rax
adox r14, rbx
mulx rbx, rax, [rsi + 40]
adcx r14, rax
adox r15, rbx
mulx rbx, rax, [rsi + 48]
adcx r15, rax
adox r8, rbx
mulx r9, rax, [rsi + 56]
adcx r8, rax
mov eax, 0
adox r9, rax
adcx r9, rax
mov [rdi + 40], r12
mov [rdi + 48], r13
// row 3
mov rdx, [rsi + 24]
xor eax, eax
mulx rbx, rax, [rsi + 32]
adcx r14, rax
adox r15, rbx
mulx rbx, rax, [rsi + 40]
adcx r15, rax
adox r8, rbx
mulx rbx, rax, [rsi + 48]
adcx r8, rax
adox r9, rbx
mulx r10, rax, [rsi + 56]
adcx r9, rax
mov eax, 0
adox r10, rax
adcx r10, rax
mov [rdi + 56], r14
// row 4
mov rdx, [rsi + 32]
xor eax, eax
mulx rbx, rax, [rsi + 40]
adcx r8, rax
adox r9, rbx
mulx rbx, rax, [rsi + 48]
adcx r9, rax
adox r10, rbx
mulx r11, rax, [rsi + 56]
adcx r10, rax
mov eax, 0
adox r11, rax
adcx r11, rax
// row 5
mov rdx, [rsi + 40]
xor eax, eax
mulx rbx, rax, [rsi + 48]
adcx r10, rax
adox r11, rbx
mulx r12, rax, [rsi + 56]
adcx r11, rax
mov eax, 0
adox r12, rax
adcx r12, rax
// row 6
mov rdx, [rsi + 48]
mulx r13, rax, [rsi + 56]
add r12, rax
adc r13, 0
// twice that, and the squares
xor r14d, r14d
mov rdx, [rsi]
mulx rbx, rax, rdx
mov [rdi], rax
mov rax, [rdi + 8]
adcx rax, rax
adox rax, rbx
mov [rdi + 8], rax
mov rdx, [rsi + 8]
mulx rbx, rdx, rdx
mov rax, [rdi + 16]
adcx rax, rax
adox rax, rdx
mov [rdi + 16], rax
mov rax, [rdi + 24]
adcx rax, rax
adox rax, rbx
mov [rdi + 24], rax
mov rdx, [rsi + 16]
mulx rbx, rdx, rdx
mov rax, [rdi + 32]
adcx rax, rax
adox rax, rdx
mov [rdi + 32], rax
mov rax, [rdi + 40]
adcx rax, rax
adox rax, rbx
mov [rdi + 40], rax
mov rdx, [rsi + 24]
mulx rbx, rdx, rdx
mov rax, [rdi + 48]
adcx rax, rax
adox rax, rdx
mov [rdi + 48], rax
mov rax, [rdi + 56]
adcx rax, rax
adox rax, rbx
mov [rdi + 56], rax
mov rdx, [rsi + 32]
mulx rbx, rdx, rdx
adcx r15, r15
adox r15, rdx
adcx r8, r8
adox r8, rbx
mov rdx, [rsi + 40]
mulx rbx, rdx, rdx
adcx r9, r9
adox r9, rdx
adcx r10, r10
adox r10, rbx
mov rdx, [rsi + 48]
mulx rbx, rdx, rdx
adcx r11, r11
adox r11, rdx
adcx r12, r12
adox r12, rbx
mov rdx, [rsi + 56]
mulx rbx, rdx, rdx
adcx r13, r13
adox r13, rdx
adcx r14, r14
adox r14, rbx
// fold: r8..r15 (in this order of weight: r15, r8, r9, r10, r11, r12, r13, r14) times C, plus the low half
mov rdx, {c}
xor eax, eax
mulx rbx, rax, r15
mov r15, [rdi]
adcx r15, rax
mulx rcx, rax, r8
mov r8, [rdi + 8]
adcx r8, rax
adox r8, rbx
mulx rbx, rax, r9
mov r9, [rdi + 16]
adcx r9, rax
adox r9, rcx
mulx rcx, rax, r10
mov r10, [rdi + 24]
adcx r10, rax
adox r10, rbx
mulx rbx, rax, r11
mov r11, [rdi + 32]
adcx r11, rax
adox r11, rcx
mulx rcx, rax, r12
mov r12, [rdi + 40]
adcx r12, rax
adox r12, rbx
mulx rbx, rax, r13
mov r13, [rdi + 48]
adcx r13, rax
adox r13, rcx
mulx rcx, rax, r14
mov r14, [rdi + 56]
adcx r14, rax
adox r14, rbx
mov eax, 0
adcx rcx, rax
adox rcx, rax
// the carry word, at most C
imul rcx, rdx
add r15, rcx
adc r8, 0
adc r9, 0
adc r10, 0
adc r11, 0
adc r12, 0
adc r13, 0
adc r14, 0
// and the last carry, after which no limb overflows
sbb rax, rax
and rax, rdx
add r15, rax
mov [rdi], r15
mov [rdi + 8], r8
mov [rdi + 16], r9
mov [rdi + 24], r10
mov [rdi + 32], r11
mov [rdi + 40], r12
mov [rdi + 48], r13
mov [rdi + 56], r14
pop rbx
