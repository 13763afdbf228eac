// [rdi] = [rsi] · [rcx] mod 2^512 - C, below 2^512, eight limbs; rdi is neither rsi nor rcx.
// Clobbers rax, rcx, rdx, r8..r15.
push rbx
// row 0
mov rdx, [rsi]
mulx r8, rax, [rcx]
mov [rdi], rax
mulx r9, rax, [rcx + 8]
add r8, rax
mulx r10, rax, [rcx + 16]
adc r9, rax
mulx r11, rax, [rcx + 24]
adc r10, rax
mulx r12, rax, [rcx + 32]
adc r11, rax
mulx r13, rax, [rcx + 40]
adc r12, rax
mulx r14, rax, [rcx + 48]
adc r13, rax
mulx r15, rax, [rcx + 56]
adc r14, rax
adc r15, 0
// row 1
mov rdx, [rsi + 8]
xor eax, eax
mulx rbx, rax, [rcx]
adcx r8, rax
adox r9, rbx
mov [rdi + 8], r8
mulx rbx, rax, [rcx + 8]
adcx r9, rax
adox r10, rbx
mulx rbx, rax, [rcx + 16]
adcx r10, rax
adox r11, rbx
mulx rbx, rax, [rcx + 24]
adcx r11, rax
adox r12, rbx
mulx rbx, rax, [rcx + 32]
adcx r12, rax
adox r13, rbx
mulx rbx, rax, [rcx + 40]
adcx r13, rax
adox r14, rbx
mulx rbx, rax, [rcx + 48]
adcx r14, rax
adox r15, rbx
mulx r8, rax, [rcx + 56]
adcx r15, rax
mov eax, 0
adox r8, rax
adcx r8, rax
// row 2
mov rdx, [rsi + 16]
xor eax, eax
mulx rbx, rax, [rcx]
adcx r9, rax
adox r10, rbx
mov [rdi + 16], r9
mulx rbx, rax, [rcx + 8]
adcx r10, rax
adox r11, rbx
mulx rbx, rax, [rcx + 16]
adcx r11, rax
adox r12, rbx
mulx rbx, rax, [rcx + 24]
adcx r12, rax
adox r13, rbx
mulx rbx, rax, [rcx + 32]
adcx r13, rax
adox r14, rbx
mulx rbx, rax, [rcx + 40]
adcx r14, rax
adox r15, rbx
mulx rbx, rax, [rcx + 48]
adcx r15, rax
adox r8, rbx
mulx r9, rax, [rcx + 56]
adcx r8, rax
mov eax, 0
adox r9, rax
adcx r9, rax
// row 3
mov rdx, [rsi + 24]
xor eax, eax
mulx rbx, rax, [rcx]
adcx r10, rax
adox r11, rbx
mov [rdi + 24], r10
mulx rbx, rax, [rcx + 8]
adcx r11, rax
adox r12, rbx
mulx rbx, rax, [rcx + 16]
adcx r12, rax
adox r13, rbx
mulx rbx, rax, [rcx + 24]
adcx r13, rax
adox r14, rbx
mulx rbx, rax, [rcx + 32]
adcx r14, rax
adox r15, rbx
mulx rbx, rax, [rcx + 40]
adcx r15, rax
adox r8, rbx
mulx rbx, rax, [rcx + 48]
adcx r8, rax
adox r9, rbx
mulx r10, rax, [rcx + 56]
adcx r9, rax
mov eax, 0
adox r10, rax
adcx r10, rax
// row 4
mov rdx, [rsi + 32]
xor eax, eax
mulx rbx, rax, [rcx]
adcx r11, rax
adox r12, rbx
mov [rdi + 32], r11
mulx rbx, rax, [rcx + 8]
adcx r12, rax
adox r13, rbx
mulx rbx, rax, [rcx + 16]
adcx r13, rax
adox r14, rbx
mulx rbx, rax, [rcx + 24]
adcx r14, rax
adox r15, rbx
mulx rbx, rax, [rcx + 32]
adcx r15, rax
adox r8, rbx
mulx rbx, rax, [rcx + 40]
adcx r8, rax
adox r9, rbx
mulx rbx, rax, [rcx + 48]
adcx r9, rax
adox r10, rbx
mulx r11, rax, [rcx + 56]
adcx r10, rax
mov eax, 0
adox r11, rax
adcx r11, rax
// row 5
mov rdx, [rsi + 40]
xor eax, eax
mulx rbx, rax, [rcx]
adcx r12, rax
adox r13, rbx
mov [rdi + 40], r12
mulx rbx, rax, [rcx + 8]
adcx r13, rax
adox r14, rbx
mulx rbx, rax, [rcx + 16]
adcx r14, rax
adox r15, rbx
mulx rbx, rax, [rcx + 24]
adcx r15, rax
adox r8, rbx
mulx rbx, rax, [rcx + 32]
adcx r8, rax
adox r9, rbx
mulx rbx, rax, [rcx + 40]
adcx r9, rax
adox r10, rbx
mulx rbx, rax, [rcx + 48]
adcx r10, rax
adox r11, rbx
mulx r12, rax, [rcx + 56]
adcx r11, rax
mov eax, 0
adox r12, rax
adcx r12, rax
// row 6
mov rdx, [rsi + 48]
xor eax, eax
mulx rbx, rax, [rcx]
adcx r13, rax
adox r14, rbx
mov [rdi + 48], r13
mulx rbx, rax, [rcx + 8]
adcx r14, rax
adox r15, rbx
mulx rbx, rax, [rcx + 16]
adcx r15, rax
adox r8, rbx
mulx rbx, rax, [rcx + 24]
adcx r8, rax
adox r9, rbx
mulx rbx, rax, [rcx + 32]
adcx r9, rax
adox r10, rbx
mulx rbx, rax, [rcx + 40]
adcx r10, rax
adox r11, rbx
mulx rbx, rax, [rcx + 48]
adcx r11, rax
adox r12, rbx
mulx r13, rax, [rcx + 56]
adcx r12, rax
mov eax, 0
adox r13, rax
adcx r13, rax
// row 7
mov rdx, [rsi + 56]
xor eax, eax
mulx rbx, rax, [rcx]
adcx r14, rax
adox r15, rbx
mov [rdi + 56], r14
mulx rbx, rax, [rcx + 8]
adcx r15, rax
adox r8, rbx
mulx rbx, rax, [rcx + 16]
adcx r8, rax
adox r9, rbx
mulx rbx, rax, [rcx + 24]
adcx r9, rax
adox r10, rbx
mulx rbx, rax, [rcx + 32]
adcx r10, rax
adox r11, rbx
mulx rbx, rax, [rcx + 40]
adcx r11, rax
adox r12, rbx
mulx rbx, rax, [rcx + 48]
adcx r12, rax
adox r13, rbx
mulx r14, rax, [rcx + 56]
adcx r13, rax
mov eax, 0
adox r14, rax
adcx r14, rax
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
